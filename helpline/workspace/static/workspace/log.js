// The words of one conversation on screen. Adds and moves what has changed; never draws it all again.

import { copyOf, find } from "./dom.js";
import { clock, say } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./conversation.js").Entry} Entry */

const NEAR_END_PX = 90; // about one message: closer than that, the reader is following along
const WHO = { help_seeker: "they", counsellor: "you", service: "service", system: "system" };

export class Log {
  /** @type {Map<string, HTMLElement>} */
  #items = new Map();

  /**
   * @param {HTMLElement} box scrolls, and holds the list
   * @param {HTMLElement} below the button that leads to the newest
   */
  constructor(box, below) {
    this.box = box;
    this.below = below;
    this.list = find(box, "ol", HTMLOListElement);
    below.addEventListener("click", () => this.toEnd());
    box.addEventListener("scroll", () => {
      if (this.isAtEnd) this.below.hidden = true;
    });
  }

  get isAtEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_END_PX;
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
    this.below.hidden = true;
  }

  /** @param {Conversation} conversation */
  show(conversation) {
    const wasAtEnd = this.isAtEnd;
    const before = this.list.childElementCount;
    this.#removeGone(conversation.entries);
    /** @type {HTMLElement | null} */
    let next = null;
    for (const entry of [...conversation.entries].reverse()) next = this.#put(entry, next);
    this.#tellStates(conversation);
    const newest = conversation.entries.at(-1);
    const isNew = this.list.childElementCount > before;
    if (!isNew) return;
    if (wasAtEnd || newest?.seq === null) this.toEnd();
    else this.below.hidden = false;
  }

  /**
   * Only the last delivered and the last sent say so: what stands above has come as far.
   *
   * @param {Conversation} conversation
   */
  #tellStates({ entries, theirSeq, carried }) {
    for (const entry of carried.now ? entries.filter((each) => each.author !== "help_seeker") : []) this.#tellCarried(entry, carried);
    if (carried.now) return;
    const own = entries.filter((each) => each.author === "counsellor").reverse();
    const isDelivered = (/** @type {Entry} */ each) => each.seq !== null && each.seq <= theirSeq;
    const delivered = own.find(isDelivered);
    const sent = own.find((each) => each.state === "sent");
    for (const entry of own) {
      const item = this.#items.get(entry.clientId);
      if (!item) continue;
      const isTold = entry.state === "sending" || entry === delivered || entry === sent;
      const text = isTold ? say(isDelivered(entry) ? "delivered" : entry.state) : "";
      const state = find(item, ".state", HTMLElement);
      if (state.textContent !== text) state.textContent = text;
    }
  }

  /**
   * Each text and mail says of itself how it is getting on; a notice only when it did not arrive.
   *
   * @param {Entry} entry
   * @param {import("./carried.js").Carried} carried
   */
  #tellCarried(entry, carried) {
    const item = this.#items.get(entry.clientId);
    if (!item) return;
    const found = carried.stateOf(entry);
    const isTold = entry.author !== "system" || found?.isFailed;
    const state = find(item, ".state", HTMLElement);
    const text = entry.state === "sending" ? say("sending") : isTold ? (found?.text ?? "") : "";
    if (state.textContent !== text) state.textContent = text;
    item.classList.toggle("failed", Boolean(found?.isFailed));
  }

  /** @param {Entry[]} entries */
  #removeGone(entries) {
    const here = new Set(entries.map((each) => each.clientId));
    for (const [id, item] of this.#items) {
      if (here.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
  }

  /**
   * @param {Entry} entry
   * @param {HTMLElement | null} next what stands after it
   */
  #put(entry, next) {
    const item = this.#items.get(entry.clientId) ?? this.#made(entry);
    if (item.parentNode !== this.list || item.nextElementSibling !== next) this.list.insertBefore(item, next);
    const time = find(item, "time", HTMLTimeElement);
    if (entry.at && !time.dateTime) {
      time.dateTime = new Date(entry.at * 1000).toISOString();
      time.textContent = clock(entry.at);
    }
    return item;
  }

  /** @param {Entry} entry */
  #made(entry) {
    const item = copyOf("message-template");
    item.classList.add(entry.author === "service" ? "guest" : entry.author);
    const author = find(item, ".author", HTMLElement);
    author.textContent = entry.by ?? say(WHO[entry.author]);
    if (entry.by) author.classList.replace("hidden-visually", "shown"); // a colleague's: everybody reads whose it is
    find(item, ".text", HTMLElement).textContent = entry.text ?? say("unreadable");
    if (entry.text === null) item.classList.add("unreadable");
    this.#items.set(entry.clientId, item);
    return item;
  }
}
