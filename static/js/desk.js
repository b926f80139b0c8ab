// Keeps what an editor typed: a form is sent with the token that is good now, and leaving an unsaved one asks first.
(() => {
  "use strict";
  const unsaved = new Set();

  function currentToken() {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found ? found[1] : "";
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest(".change-form form[novalidate], .comments form, .act form");
    if (form) unsaved.add(form);
  });

  // Signing in again in another tab changes the token under an open form.
  document.addEventListener("submit", (event) => {
    unsaved.delete(event.target);
    const field = event.target.elements.csrfmiddlewaretoken;
    if (field && currentToken()) field.value = currentToken();
  });

  // Django's pickers leave their parts without a name that a screen reader could say.
  function labelOf(control) {
    return document.querySelector(`label[for="${control.id}"]`);
  }

  function nameParts() {
    for (const icon of document.querySelectorAll(".search-label-icon")) icon.setAttribute("role", "img");
    for (const control of document.querySelectorAll("select.select2-hidden-accessible")) {
      const label = labelOf(control);
      const shown = document.getElementById(`select2-${control.id}-container`);
      const field = control.nextElementSibling?.querySelector(".select2-search__field");
      if (label && field) field.setAttribute("aria-label", label.textContent);
      if (!label || !shown) continue;
      label.id = `label-${control.id}`;
      shown.setAttribute("aria-labelledby", label.id);
      shown.parentElement.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
      shown.parentElement.setAttribute("aria-controls", `select2-${control.id}-results`);
    }
  }

  window.addEventListener("load", () => {
    setTimeout(nameParts);
    if (!window.django || !window.django.jQuery) return;
    window.django.jQuery(document).on("select2:open", (event) => {
      const field = document.querySelector(".select2-container--open .select2-search__field");
      const label = labelOf(event.target);
      if (field && label) field.setAttribute("aria-label", label.textContent);
    });
  });

  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
  });
})();
