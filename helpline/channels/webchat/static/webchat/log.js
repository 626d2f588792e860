// What was said, in order: by `seq` once it is known, what is still on its way last.

import { element, page, word } from "./page.js";

/** @typedef {"sending" | "waiting_to_send" | "sent" | "delivered" | "not_sent"} SendState */
/** @typedef {{ seq: number, place: HTMLElement, state: HTMLElement | null, time: HTMLElement }} Entry */
/** @typedef {{ clientId: string, author: string, who: string, text: string }} Shown */

const NEAR_THE_END_PX = 120;
const ON_ITS_WAY = Infinity;
const UNSENT = ["sending", "waiting_to_send", "not_sent"];

const clock = new Intl.DateTimeFormat(page.locale, { hour: "numeric", minute: "2-digit" });

export class Log {
  constructor() {
    this.box = element("log");
    /** @type {Map<string, Entry>} by client_id */
    this.entries = new Map();
    this.received = 0; // by the other side
    // The box grows with what is written in it, and must not grow over the last words said.
    new ResizeObserver(() => {
      if (isNearTheEnd()) toTheEnd();
    }).observe(element("composer"));
  }

  /** @param {string} clientId */
  has(clientId) {
    return this.entries.has(clientId);
  }

  /**
   * One's own words, before the site has them.
   *
   * @param {string} clientId
   * @param {string} text
   */
  addOwn(clientId, text) {
    this.#add({ clientId, author: "help_seeker", who: word("you"), text }, ON_ITS_WAY);
    this.mark(clientId, "sending");
  }

  /**
   * What the stream brings, one's own words included; the same message again changes nothing.
   *
   * @param {Shown} shown
   * @param {number} seq
   * @param {number} at epoch seconds by the server's clock, since a phone's own may be years off
   */
  add(shown, seq, at) {
    const known = this.entries.get(shown.clientId);
    const entry = known ?? this.#add(shown, seq);
    entry.seq = seq;
    entry.time.textContent = clock.format(at * 1000);
    if (known) this.#put(known);
    if (entry.state) this.mark(shown.clientId, seq <= this.received ? "delivered" : "sent");
  }

  /** @param {string} clientId the site has it: it is committed */
  settle(clientId) {
    const state = this.state(clientId);
    if (state !== "sent" && state !== "delivered") this.mark(clientId, "sent");
  }

  /** @param {number} seq the counsellor's page has received up to here */
  receivedUpTo(seq) {
    this.received = Math.max(this.received, seq);
    for (const [clientId, entry] of this.entries) {
      if (entry.state && entry.seq <= this.received) this.mark(clientId, "delivered");
    }
  }

  /**
   * @param {string} clientId
   * @param {SendState} state
   */
  mark(clientId, state) {
    const entry = this.entries.get(clientId);
    if (!entry?.state || entry.place.dataset["state"] === state) return;
    entry.place.dataset["state"] = state;
    entry.state.textContent = word(state);
  }

  /** @param {string} clientId */
  state(clientId) {
    return this.entries.get(clientId)?.place.dataset["state"];
  }

  /** @returns {string[]} one's own words that the site never took */
  notSent() {
    const places = [...this.entries.values()].map((entry) => entry.place);
    const left = places.filter((place) => UNSENT.includes(place.dataset["state"] ?? ""));
    return left.map((place) => place.querySelector(".words")?.textContent ?? "");
  }

  /**
   * @param {Shown} shown
   * @param {number} seq
   * @returns {Entry}
   */
  #add({ clientId, author, who, text }, seq) {
    const isOwn = author === "help_seeker";
    const [name, said, facts, time] = [part("who", who), part("words", text), part("facts"), part("time", "", "span")];
    said.dir = "auto";
    const state = isOwn ? part("state", "", "span") : null;
    facts.append(time, ...(state ? [" ", state] : []));
    const place = part(`entry ${author}`);
    place.append(name, said, facts);
    const entry = { seq, place, state, time };
    this.entries.set(clientId, entry);
    const wasNearTheEnd = isNearTheEnd();
    this.#put(entry);
    if (isOwn || wasNearTheEnd) toTheEnd();
    return entry;
  }

  /** @param {Entry} entry */
  #put(entry) {
    const later = [...this.entries.values()].filter((other) => other !== entry && other.seq > entry.seq);
    const next = later.reduce((a, b) => (a && a.seq <= b.seq ? a : b), /** @type {Entry | null} */ (null));
    const place = next?.place ?? null;
    if (entry.place.parentNode !== this.box || entry.place.nextSibling !== place) {
      this.box.insertBefore(entry.place, place);
    }
  }
}

/**
 * @param {string} kind
 * @param {string} [text]
 * @param {"div" | "span"} [tag]
 */
function part(kind, text = "", tag = "div") {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

function toTheEnd() {
  scrollTo({ top: document.documentElement.scrollHeight, behavior: "auto" });
}

function isNearTheEnd() {
  return innerHeight + scrollY >= document.documentElement.scrollHeight - NEAR_THE_END_PX;
}
