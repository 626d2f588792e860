// A form is asked in place: the tab keeps one entry of ours, and the browser keeps no copy of what was written to send again.

const ANSWER_MS = 20_000;

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button the one that was pressed
 */
async function ask(form, button) {
  const away = document.getElementById("away");
  if (away) away.hidden = true;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) body.append(name, String(value));
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(location.pathname, { method: "POST", body, cache: "no-store", signal });
    show(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    if (!away) return;
    away.hidden = false;
    away.scrollIntoView({ block: "center" });
  }
}

/** @param {Document} page */
function show(page) {
  const [old, fresh] = [document.querySelector("main"), page.querySelector("main")];
  if (!old || !fresh) throw new Error("no page");
  old.replaceWith(fresh);
  const outcome = document.querySelector("[data-outcome], [aria-invalid]");
  if (outcome instanceof HTMLElement) outcome.focus();
}

addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  event.preventDefault();
  void ask(event.target, event.submitter);
});
