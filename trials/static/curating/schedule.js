// Says in words, below the choice of a crontab, when it is due.
const crontabs = JSON.parse(document.getElementById("readable-crontabs").textContent);
const choice = document.getElementById("id_crontab");
const words = document.createElement("p");
words.className = "help";
choice.closest(".field-crontab").append(words);
document.querySelector(".field-crontab_translation")?.setAttribute("hidden", "");

function say() {
  words.textContent = crontabs[choice.value] ?? "";
}
choice.addEventListener("change", say);
say();
