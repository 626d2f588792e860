// What changes in whose keys are vouched for: said on the desk, once, and it waits there until it was read.

import { Refused } from "./api.js";
import { byId } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./vouching.js").News} News */
/** @typedef {import("./vouching.js").Vouching} Vouching */

/** @type {Record<News["kind"], string>} */
const SENTENCES = { pinned: "keys_pinned", new_keys: "keys_new", forged: "roster_forged" };

const AGAIN_MS = 600_000; // a desk is open all day, and somebody may leave at noon

/** @param {Vouching} vouching */
export function tellKeysNews(vouching) {
  const box = byId("keys-news", HTMLElement);
  const list = byId("keys-news-list", HTMLUListElement);
  let isDueTold = false;
  vouching.onRead = () => void show();
  const read = () => {
    vouching.read().catch((refusal) => {
      if (!(refusal instanceof Refused)) throw refusal; // signed out: the door has been told
    });
  };
  setInterval(read, AGAIN_MS);
  byId("keys-news-done", HTMLButtonElement).addEventListener("click", () => {
    list.replaceChildren();
    box.hidden = true;
  });
  read();

  async function show() {
    const news = await vouching.news();
    for (const each of news) add(say(SENTENCES[each.kind], { name: each.name, words: each.words }));
    if (vouching.isDue && !isDueTold) add(say("keys_due"));
    isDueTold = vouching.isDue;
    byId("menu-badge", HTMLElement).hidden = !vouching.isDue;
  }

  /** @param {string} sentence */
  function add(sentence) {
    if ([...list.children].some((item) => item.textContent === sentence)) return;
    const item = document.createElement("li");
    item.textContent = sentence;
    list.append(item);
    box.hidden = false;
  }
}
