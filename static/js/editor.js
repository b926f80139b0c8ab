// The Markdown editor: a preview beside the text, and pictures by button, drop or paste. No key is taken, so Tab leaves
// the text and undo works; nothing but our own marked fragment is ever put into the page.
(() => {
  "use strict";
  const ENDED = "Your session has ended. Sign in again in another tab, then go on here: your text is still in this form.";
  const SILENT = "The server does not answer. Your text is still in this form; try again in a moment.";
  const LARGE = "The picture is too large. Save it smaller and try again.";

  function send(address, fields, signal) {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return fetch(address, {
      method: "POST",
      body,
      signal,
      redirect: "error",
      credentials: "same-origin",
      headers: { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token ? token[1] : "" },
    });
  }

  // A text's own anchors must not meet the ids of the form around it, and its links must not lead away from the form.
  function fragment(html, prefix) {
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const element of template.content.querySelectorAll("[id]")) element.id = prefix + element.id;
    for (const element of template.content.querySelectorAll("[aria-labelledby]")) {
      element.setAttribute("aria-labelledby", prefix + element.getAttribute("aria-labelledby"));
    }
    for (const link of template.content.querySelectorAll("a[href]")) {
      const address = link.getAttribute("href");
      if (address.startsWith("#")) link.setAttribute("href", `#${prefix}${address.slice(1)}`);
      else Object.assign(link, { target: "_blank", rel: "noopener" });
    }
    return template.content;
  }

  function start(root) {
    const text = root.querySelector("textarea");
    const preview = root.querySelector(".markdownx-preview");
    const status = root.querySelector(".markdownx-status");
    const tools = root.querySelector(".markdownx-tools");
    const cited = root.querySelector(".markdownx-citations");
    let waiting, asked;

    function say(message) {
      if (status.textContent !== message) status.textContent = message;
    }

    // The list ends the answer. Its count is spoken, and only when it changes.
    function showCitations(list) {
      const [said, count] = [cited.querySelector(".count"), list && list.querySelector(".count")];
      if (!count) return;
      if (said.textContent !== count.textContent) said.textContent = count.textContent;
      count.remove();
      cited.lastElementChild.replaceChildren(...list.childNodes);
      list.remove();
    }

    async function show() {
      if (asked) asked.abort();
      const own = (asked = new AbortController());
      try {
        const answer = await send(text.dataset.markdownxUrlsPath, { content: text.value }, own.signal);
        const html = await answer.text();
        const mark = answer.headers.get("X-Preview");
        if (answer.ok && mark === "text") {
          const content = fragment(html, `${text.id}-`);
          showCitations(content.querySelector("aside.citations:last-child"));
          preview.replaceChildren(content);
          say("");
        } else if (answer.ok && mark === "refused") {
          say(fragment(html, "").textContent);
        } else {
          say(answer.status === 403 ? ENDED : SILENT);
        }
      } catch (error) {
        if (error.name !== "AbortError") say(SILENT);
      }
    }

    async function insert(file) {
      say(`Sending ${file.name} …`);
      try {
        const answer = await send(text.dataset.markdownxUploadUrlsPath, { image: file });
        const reason = { 403: ENDED, 413: LARGE }[answer.status] || SILENT;
        const told = await answer.json().catch(() => ({ error: reason }));
        if (!told.image_code) return say(told.error);
        text.focus();
        // Typed in, not assigned: undo takes it out again.
        document.execCommand("insertText", false, told.image_code);
        say("The picture stands in the text. Write what it shows between its square brackets.");
      } catch {
        say(SILENT);
      }
    }

    function take(event, files) {
      if (!files || !files.length) return;
      event.preventDefault();
      for (const file of files) insert(file);
    }

    text.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, Number(text.dataset.markdownxLatency) || 500);
    });
    text.addEventListener("drop", (event) => take(event, event.dataTransfer.files));
    text.addEventListener("paste", (event) => take(event, event.clipboardData.files));
    tools.querySelector("input").addEventListener("change", (event) => {
      take(event, [...event.target.files]);
      event.target.value = "";
    });
    tools.hidden = preview.hidden = cited.hidden = false;
    show();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".markdownx").forEach(start));
})();
