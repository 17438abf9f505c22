/* What scripts add; every page works without this file. */
(() => {
  "use strict";

  const wide = matchMedia("(min-width: 62rem)");

  /* Browsers that cannot show a closed <details> by style: on a wide screen what is folded on a narrow one stands open. */
  const unfold = () => {
    if (!wide.matches || CSS.supports("selector(::details-content)")) return;
    for (const folded of document.querySelectorAll("details.fold")) folded.open = true;
  };
  unfold();
  wide.addEventListener("change", unfold);

  /* A filter that is pressed swaps the whole finder: what the reader had opened stays open, and the new count is said aloud. */
  const voice = document.createElement("p");
  voice.className = "visually-hidden";
  voice.setAttribute("role", "status");
  document.body.append(voice);

  let opened = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 400) event.detail.shouldSwap = true;
    opened = [...document.querySelectorAll("#finder details[id]:not(.menu)")].map((details) => [details.id, details.open]);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const [id, open] of opened) {
      const details = document.getElementById(id);
      if (details) details.open = open;
    }
    unfold();
    const sentence = document.querySelector("[data-announce]");
    voice.textContent = sentence ? sentence.textContent : "";
  });

  /* A menu that is open closes when the reader goes elsewhere. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
