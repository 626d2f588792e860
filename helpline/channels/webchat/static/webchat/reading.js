// Something to read while waiting: pages of the site inside this one.

import { element, onPress, say, word } from "./page.js";

/** @returns {boolean} */
export function isReading() {
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
    found.querySelectorAll("h1, a[href$='/chat/']").forEach((part) => part.remove());
    element("reading-text").replaceChildren(...found.childNodes);
  } catch {
    say("reading-title", word("reading_failed"));
    element("reading-text").replaceChildren();
  }
  read(true);
}

let reads = -1; // which of the pages to choose from

/** @returns {HTMLAnchorElement[]} */
function choices() {
  return [...element("readings").querySelectorAll("a")];
}

addEventListener("turned", () => {
  const link = choices()[reads];
  if (isReading() && link) void open(link);
});

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link?.origin !== location.origin) return; // a phone number is called
  event.preventDefault();
  reads = choices().indexOf(link);
  void open(link);
}

element("readings").addEventListener("click", follow);
element("reading-text").addEventListener("click", follow);

onPress("reading-back", () => {
  read(false);
  dispatchEvent(new Event("standing")); // what there is to read is for those who still wait
});
