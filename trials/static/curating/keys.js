// Single keys for the review screen. They only press buttons, choose reasons and move the focus: without this file all works by mouse,
// Tab and Enter. Off switch: the checkbox under "Keys", remembered in this browser (WCAG 2.1.4).
"use strict";
(() => {
  const box = document.getElementById("keys-on");
  const form = document.getElementById("decide");
  if (!box || !form) return;
  const STORED = "curating-keys";
  const read = () => { try { return localStorage.getItem(STORED); } catch { return null; } };
  box.checked = read() !== "off";
  box.closest("section").hidden = false;
  box.addEventListener("change", () => {
    try { localStorage.setItem(STORED, box.checked ? "on" : "off"); } catch { /* private browsing: it holds for this page */ }
  });

  const roles = {h: "hsct", m: "msc", i: "ipsc", o: "other"};
  const typesInto = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typesInto(event.target)) { event.target.blur(); return; }
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey || event.repeat || typesInto(event.target)) return;
    const key = event.key.toLowerCase();
    const button = /^[a-z]$/.test(key) && form.querySelector(`button[data-key="${key}"]`);
    if (button) button.click();
    else if (roles[key]) form.querySelector(`select[name="role-${roles[key]}"]`)?.focus();
    else if (/^[1-8]$/.test(key)) form.querySelectorAll("input[name=ready]")[Number(key) - 1]?.click();
    else if (key === "w") form.querySelector("textarea[name=reason]").focus();
    else return;
    event.preventDefault();
  });
})();
