// Names for what Django's own pages leave without, for those who listen to a page or go by Tab: fields of dates and times, fields with
// suggestions, signs beside the choice of roles, and tables that are wider than the screen.
"use strict";
(() => {
  const spoken = (element) => element?.textContent.trim().replace(/:$/, "") ?? "";

  const nameTimes = () => {
    for (const input of document.querySelectorAll(".vDateField, .vTimeField")) {
      if (!input.labels.length) {
        const row = input.closest("fieldset.flex-container, .form-row");
        input.setAttribute("aria-label", `${spoken(row?.querySelector("legend, label"))}, ${input.matches(".vDateField") ? "date" : "time"}`);
      }
    }
  };

  const nameSuggestions = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const name = spoken(select.labels[0]);
      const box = select.nextElementSibling;
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
        const says = part.matches(".select2-search__field") ? "" : spoken(box.querySelector("[role=textbox]")).replace("×", "");
        part.removeAttribute("aria-labelledby");
        if (part.hasAttribute("aria-owns")) part.setAttribute("aria-controls", part.getAttribute("aria-owns"));
        part.setAttribute("aria-label", says ? `${name}: ${says}` : name);
      }
    }
    for (const field of document.querySelectorAll(".select2-dropdown .select2-search__field")) field.setAttribute("aria-label", "Search");
  };

  const reachTables = () => {
    for (const group of document.querySelectorAll(".inline-group")) {
      if (group.scrollWidth <= group.clientWidth) continue;
      group.tabIndex = 0;
      group.setAttribute("role", "region");
      group.setAttribute("aria-label", spoken(group.querySelector("h2")));
    }
  };

  const nameSigns = () => {
    for (const sign of document.querySelectorAll(".help-tooltip[aria-label]:not([role])")) sign.setAttribute("role", "img");
  };

  addEventListener("load", () => {
    for (const name of [nameTimes, nameSuggestions, reachTables, nameSigns]) name();
    const changes = window.django?.jQuery?.(document);
    changes?.on("select2:open select2:close change", "select", nameSuggestions);
  });
  addEventListener("resize", reachTables);
  document.addEventListener("formset:added", () => { nameTimes(); nameSuggestions(); });
})();
