// Where one stands: waiting (honestly) or talking, and something to read meanwhile.

import { element, onPress, say, word } from "./page.js";

/** @typedef {import("./post.js").Standing} Standing */

/** @param {Standing} standing */
export function showStanding(standing) {
  const isWaiting = standing.state === "waiting";
  say("standing", isWaiting ? place(standing) : word("with", { name: nameOf(standing) }));
  if (isWaiting) say("waiting-detail", minutes(standing));
  element("nobody-now").hidden = standing.is_anyone_here;
  element("waiting").hidden = !isWaiting || isReading();
}

/**
 * @param {Standing} standing
 * @returns {string}
 */
export function nameOf({ counsellor }) {
  return counsellor || word("specialist");
}

/** @param {Standing} standing */
function place(standing) {
  if (!standing.is_anyone_here) return word("nobody");
  return standing.place === 1 ? word("next") : word("place", { place: standing.place ?? "" });
}

/** @param {Standing} standing */
function minutes({ minutes: range, is_anyone_here }) {
  if (!is_anyone_here) return word("nobody_detail");
  if (!range) return word("minutes_unknown");
  const [low, high] = range;
  return high <= 1 ? word("minutes_one") : word("minutes", { low, high });
}

function isReading() {
  return !element("reading").hidden;
}

/** @param {boolean} isOpen */
function read(isOpen) {
  element("reading").hidden = !isOpen;
  element("conversation").hidden = isOpen;
  element("waiting").hidden = isOpen;
  element(isOpen ? "reading-title" : "text").focus();
}

/**
 * A page of the site inside this one: no new entry in the history, no place lost.
 *
 * @param {HTMLAnchorElement} link
 */
async function open(link) {
  try {
    const response = await fetch(link.href);
    const found = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("article");
    if (!response.ok || !found) throw new Error("no article");
    say("reading-title", found.querySelector("h1")?.textContent ?? "");
    found.querySelectorAll("h1, a[href='/chat/']").forEach((part) => part.remove());
    element("reading-text").replaceChildren(...found.childNodes);
  } catch {
    say("reading-title", word("reading_failed"));
    element("reading-text").replaceChildren();
  }
  read(true);
}

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link?.origin !== location.origin) return; // a phone number is called
  event.preventDefault();
  void open(link);
}

element("readings").addEventListener("click", follow);
element("reading-text").addEventListener("click", follow);

onPress("reading-back", () => {
  read(false);
  dispatchEvent(new Event("standing")); // what there is to read is for those who still wait
});
