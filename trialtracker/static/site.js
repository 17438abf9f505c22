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
  document.addEventListener("htmx:responseError", ({ detail }) => {
    if ([429, 503].includes(detail.xhr.status)) location.assign(detail.pathInfo.finalRequestPath); // the page that says when to come back
  });
  document.addEventListener("htmx:afterSwap", () => {
    /* At once, so that a page that is short while its filters are folded does not pull the reader up. */
    for (const [id, open] of opened) {
      const details = document.getElementById(id);
      if (details) details.open = open;
    }
    unfold();
  });
  document.addEventListener("htmx:afterSettle", () => {
    const sentence = document.querySelector("[data-announce]");
    voice.textContent = sentence ? sentence.textContent : "";
    if (sentence && document.activeElement === document.body) sentence.focus({ preventScroll: true }); // the link that was pressed is gone
  });

  /* A menu that is open closes when the reader goes elsewhere; what stands unfolded on a wide screen is no menu there. */
  const menus = () => [...document.querySelectorAll("details.menu[open]")].filter((menu) => !(wide.matches && menu.matches(".fold")));
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && menus()[0];
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* The shortlist: NCT numbers in this browser's own storage. Nothing is sent anywhere until the reader opens its page, whose address holds them. */
  const KEY = "trialtracker.shortlist";
  const SHORTLIST = document.querySelector("[data-shortlist]");
  const kept = () => {
    try {
      const found = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(found) ? found.filter((id) => /^NCT\d{8}$/.test(id)) : [];
    } catch {
      return [];
    }
  };
  const keep = (ids) => {
    try {
      localStorage.setItem(KEY, JSON.stringify([...new Set(ids)].slice(0, 40)));
    } catch {
      /* Storage is shut, as in some private windows: the page's address still holds the list. */
    }
    show();
  };
  const show = () => {
    const ids = kept();
    for (const button of document.querySelectorAll("[data-keep]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(ids.includes(button.dataset.keep)));
    }
    for (const button of document.querySelectorAll("[data-print], [data-drop], [data-empty]")) button.hidden = false;
    if (!SHORTLIST) return;
    SHORTLIST.href = SHORTLIST.href.split("?")[0] + (ids.length ? "?" + ids.map((id) => "id=" + id).join("&") : "");
    for (const count of document.querySelectorAll("[data-shortlist-count]")) count.textContent = ids.length ? ids.length + " kept" : "";
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep], [data-drop], [data-empty], [data-print]");
    if (!button) return;
    const ids = kept();
    if (button.dataset.keep) {
      const id = button.dataset.keep;
      keep(ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]);
      voice.textContent = kept().includes(id) ? id + " is on the shortlist." : id + " is off the shortlist.";
    } else if (button.dataset.drop) {
      keep(ids.filter((id) => id !== button.dataset.drop));
      const shown = [...document.querySelectorAll("[data-kept]")].map((row) => row.dataset.kept);
      const left = shown.filter((id) => id !== button.dataset.drop);
      location.href = location.pathname + (left.length ? "?" + left.map((id) => "id=" + id).join("&") : "");
    } else if ("empty" in button.dataset) {
      keep([]);
      location.href = location.pathname;
    } else {
      print();
    }
  });
  addEventListener("storage", show);
  document.addEventListener("htmx:afterSettle", show);
  show();

  /* Many questions: one a screen, in any order, with the way out always there. */
  const steps = document.querySelector("form[data-steps]");
  if (steps) {
    const questions = [...steps.querySelectorAll(".question")];
    const bar = steps.querySelector(".steps-bar");
    const button = (words) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button-quiet";
      made.textContent = words;
      return made;
    };
    const back = button("Back");
    const next = button("Next");
    const place = document.createElement("span");
    place.className = "explained steps-place";
    const send = bar.querySelector("button[type=submit]");
    bar.prepend(back, next);
    steps.prepend(place);
    let at = 0;
    const go = (to, isMoved) => {
      at = to;
      questions.forEach((question, number) => (question.hidden = number !== at));
      back.disabled = at === 0;
      next.disabled = at === questions.length - 1;
      place.textContent = "Question " + (at + 1) + " of " + questions.length;
      const isLast = at === questions.length - 1;
      next.classList.toggle("button-quiet", isLast);
      send.classList.toggle("button-quiet", !isLast);
      if (!isMoved) return;
      voice.textContent = place.textContent;
      questions[at].querySelector("input:checked, input").focus();
    };
    back.addEventListener("click", () => go(at - 1, true));
    next.addEventListener("click", () => go(at + 1, true));
    steps.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && at < questions.length - 1) {
        event.preventDefault();
        go(at + 1, true);
      }
    });
    go(0, false);
  }

  /* Near me: the browser asks the reader, the place is rounded to a tenth of a degree before it leaves, and goes in no address. */
  const offerHere = () => {
    for (const here of document.querySelectorAll("[data-here]")) here.hidden = !navigator.geolocation;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-here]");
    if (!form || form.elements.latitude.value) return;
    event.preventDefault();
    const says = form.querySelector("[data-here-says]");
    says.textContent = "Waiting for your browser…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(1);
        form.elements.longitude.value = coords.longitude.toFixed(1);
        form.submit();
      },
      () => {
        says.textContent = "Your browser did not give a place. You can type a town instead.";
        voice.textContent = says.textContent;
      },
      { maximumAge: 600000, timeout: 15000 }
    );
  });
  document.addEventListener("htmx:afterSettle", offerHere);
  offerHere();
})();
