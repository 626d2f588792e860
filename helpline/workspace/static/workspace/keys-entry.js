// One line of a list on the page of keys: who, what, the words to compare, and what can be done.

import { copyOf, find, tell } from "./dom.js";

/** @param {{ name: string, what: string, words: string, note: string }} texts */
export function entry({ name, what, words, note }) {
  const item = copyOf("entry-template");
  const texts = { name, what, words, note };
  for (const [part, text] of Object.entries(texts)) tell(find(item, `.entry-${part}`, HTMLElement), text);
  for (const line of item.querySelectorAll("br")) {
    const next = line.nextElementSibling;
    line.hidden = next instanceof HTMLElement && next.hidden;
  }
  return item;
}
