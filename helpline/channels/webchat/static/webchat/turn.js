// The chat in the other language, in place: its sentences change, and nothing else does. The conversation, its keys,
// what is half written and what was said stay where they are. Fetched only by whoever switches.

import { isSaid, respeak, sayAnew } from "./page.js";

const TURN_MS = 15_000;
const CONTROL = "input, textarea, select, button, form, details";
const COPIED = ["aria-label", "placeholder", "href", "hreflang", "lang", "data-leaving", "data-failed"];

/**
 * @param {string} address the same page in the other language
 * @throws when it cannot be had; then nothing has changed
 */
export async function turnTo(address) {
  const response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(TURN_MS) });
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const [page, words] = [fresh.getElementById("page"), fresh.getElementById("words")];
  if (!response.ok || !page?.textContent || !words?.textContent) throw new Error("no chat");
  const root = document.documentElement;
  [root.lang, root.dir, document.title] = [fresh.documentElement.lang, fresh.documentElement.dir, fresh.title];
  for (const place of ["header", "main"]) pair(document.querySelector(place), fresh.querySelector(place));
  turnAsides(fresh);
  sayAnew(JSON.parse(page.textContent), JSON.parse(words.textContent));
  respeak(document.body);
  history.replaceState(null, "", address); // loaded again, the page goes on in this language
  dispatchEvent(new Event("turned"));
}

/** @param {Document} fresh what stands between header and page: one of them only where there is te reo */
function turnAsides(fresh) {
  document.querySelectorAll("body > aside").forEach((old) => old.remove());
  document.querySelector("header")?.after(...fresh.querySelectorAll("body > aside"));
}

/**
 * What one presses or types into, and what the script fills, stays; the sentences around it are those of the fresh page.
 *
 * @param {Element | null} old
 * @param {Element | null} fresh
 */
function pair(old, fresh) {
  if (!old || !fresh || old.tagName !== fresh.tagName) return;
  for (const name of COPIED) {
    const value = fresh.getAttribute(name);
    if (value !== null) old.setAttribute(name, value);
  }
  if (old instanceof HTMLSelectElement && fresh instanceof HTMLSelectElement) return pairOptions(old, fresh);
  // What is empty in a fresh page is filled by the script, or by somebody; what the script said, it says anew itself.
  if (!fresh.childNodes.length || old.matches("textarea, script") || isSaid(old.textContent ?? "")) return;
  const [stay, fits] = [[...old.children].filter(stays), [...fresh.children].filter(stays)];
  for (const node of [...old.childNodes]) if (!stay.includes(/** @type {Element} */ (node))) node.remove();
  const unnamed = stay.filter((each) => !each.id);
  const partners = new Map(fits.map((each) => [each, each.id ? stay.find(({ id }) => id === each.id) : unnamed.shift()]));
  let after = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const partner = partners.get(/** @type {Element} */ (node));
    if (partner) {
      pair(partner, /** @type {Element} */ (node));
      after = partner.nextSibling;
    } else if (!fits.includes(/** @type {Element} */ (node))) old.insertBefore(node, after);
  }
}

/**
 * @param {HTMLSelectElement} old
 * @param {HTMLSelectElement} fresh
 */
function pairOptions(old, fresh) {
  if (old.length === fresh.length) [...old.options].forEach((each, place) => (each.text = fresh.options[place]?.text ?? each.text));
}

/** @param {Element} element */
function stays(element) {
  return Boolean(element.id) || element.matches(CONTROL) || element.querySelector(`[id], ${CONTROL}`) !== null;
}
