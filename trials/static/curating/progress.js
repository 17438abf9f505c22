// Keeps the sync's progress fresh without loading the page again. Without this file the page has a link that does.
"use strict";
(() => {
  const place = document.getElementById("progress");
  if (!place) return;
  const text = place.querySelector("[data-text]");
  const bar = place.querySelector("[data-bar]");
  const cancel = place.querySelector("[data-cancel]");
  const reload = place.querySelector("[data-reload]");
  if (reload) reload.hidden = true;
  let wasRunning = place.hasAttribute("data-running");

  const show = (state) => {
    if (text.textContent !== state.text) text.textContent = state.text;
    bar.hidden = !state.is_running;
    if (state.total) { bar.max = state.total; bar.value = state.fetched; } else { bar.removeAttribute("value"); }
    cancel.hidden = !state.can_cancel;
  };
  const ask = async () => {
    let wait = 2000;
    try {
      const response = await fetch(place.dataset.url, {headers: {Accept: "application/json"}});
      if (!response.ok || response.redirected) { reload && (reload.hidden = false); return; }
      const state = await response.json();
      show(state);
      wasRunning = state.is_running;
      if (!state.is_running) wait = 10000;
    } catch { wait = 10000; }
    setTimeout(ask, wait);
  };
  setTimeout(ask, wasRunning ? 500 : 10000);
})();
