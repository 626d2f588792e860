// A link's secrets stand behind its #: the token goes with each form, the key stays here and opens what was sealed for it.

import { b64urlDecode } from "../vault/codes.js";
import { openMessage } from "../vault/sealing.js";

const ANSWER_MS = 20_000;
const [token = "", key = ""] = location.hash.slice(1).split(".");

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button the one that was pressed
 */
async function ask(form, button) {
  hide("away", true);
  const body = new URLSearchParams({ link: token });
  for (const [name, value] of new FormData(form, button)) body.append(name, String(value));
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(form.action, { method: "POST", body, cache: "no-store", signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    await Promise.all([...page.querySelectorAll("[data-sealed]")].map(open));
    show(page);
  } catch {
    hide("away", false);
  }
}

/** @param {Element} element */
async function open(element) {
  if (!(element instanceof HTMLElement)) return;
  const { sealed = "", item = "", referral = "", unreadable = "" } = element.dataset;
  const place = { code: referral, author: /** @type {const} */ ("counsellor"), clientId: item };
  try {
    element.textContent = await openMessage(b64urlDecode(key), b64urlDecode(sealed), place);
  } catch {
    element.textContent = unreadable; // no key, half a key, or one of another link
  }
}

/** @param {Document} page */
function show(page) {
  const [old, fresh] = [document.querySelector("main"), page.querySelector("main")];
  if (!old || !fresh) throw new Error("no page");
  old.replaceWith(fresh);
  const heading = fresh.querySelector("h1");
  if (heading) heading.focus();
}

/**
 * @param {string} id
 * @param {boolean} is
 */
function hide(id, is) {
  const found = document.getElementById(id);
  if (found) found.hidden = is;
}

addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  event.preventDefault();
  void ask(event.target, event.submitter);
});
hide(token ? "read" : "no-link", false);
