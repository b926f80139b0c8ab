// Keeps on the server what somebody typed and has not saved, so that a crash costs seconds. It saves nothing that others
// see, and whatever it cannot send stays in the page.
(() => {
  "use strict";
  // A browser lets 64 KiB go out while a page closes.
  const MOST_WHILE_CLOSING = 60000;
  const PATIENCE = 10000;
  const ENDED = "your session has ended. Sign in again in another tab; your text is still in this page";
  const SILENT = "the server cannot be reached; your text is still in this page";
  const LARGE = "the text is too large. Shorten it or divide it; it is still in this page";

  function contents(form) {
    const fields = new FormData(form);
    // The token that is good now goes along in a header.
    fields.delete("csrfmiddlewaretoken");
    return new URLSearchParams(fields).toString();
  }

  function send(address, body, options) {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return fetch(address, {
      method: "POST",
      body,
      redirect: "error",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Requested-With": "XMLHttpRequest",
        "X-CSRFToken": token ? token[1] : "",
      },
      ...options,
    });
  }

  async function reason(answer) {
    const told = await answer.json().catch(() => ({}));
    return told.error || { 403: ENDED, 413: LARGE }[answer.status] || SILENT;
  }

  function start(line) {
    const form = line.closest("form");
    const milliseconds = Number(line.dataset.seconds) * 1000;
    let kept = "unsaved" in line.dataset ? "" : contents(form);
    let underway = null;
    let isSent = false;

    function say(words) {
      if (line.textContent !== words) line.textContent = words;
    }

    async function keep(isClosing) {
      const now = contents(form);
      if (isSent || now === kept || (underway && !isClosing)) return;
      const own = (underway = new AbortController());
      const patience = setTimeout(() => own.abort(), PATIENCE);
      const keepalive = isClosing && now.length < MOST_WHILE_CLOSING;
      try {
        const answer = await send(line.dataset.address, now, { keepalive, signal: own.signal });
        const told = answer.ok ? await answer.clone().json().catch(() => ({})) : {};
        if (told.kept_at) kept = now;
        say(told.kept_at ? `Kept at ${told.kept_at} (UTC)` : `Not kept: ${await reason(answer)}`);
      } catch {
        if (!isSent) say(`Not kept: ${SILENT}`);
      } finally {
        clearTimeout(patience);
        if (underway === own) underway = null;
      }
    }

    // Looking at the whole form finds every change: of rows, by scripts, by undo.
    setInterval(keep, milliseconds, false);
    document.addEventListener("visibilitychange", () => document.hidden && keep(true));
    window.addEventListener("pagehide", () => keep(true));
    // What is saved needs no keeping; whoever then stays in the page and types on is heard again.
    form.addEventListener("submit", () => {
      isSent = true;
      if (underway) underway.abort();
    });
    form.addEventListener("input", () => (isSent = false));
    // A restored text is unsaved although nobody has typed: desk.js asks before it is left.
    if ("restored" in line.dataset) form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  window.addEventListener("load", () => document.querySelectorAll(".autosave").forEach(start));
})();
