// What this tab keeps, so that a reload goes on: the chat's code, its secret, and messages on their way, sealed.
// Never a word in the clear: a browser writes this store to its disk.

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {{ code: string, secret: Bytes, isStarted: boolean }} Kept */
/** @typedef {{ client_id: string, key_id: string, sealed: string, key: string }} Sealed as it goes over the wire */

/** In a frame of another site's page nothing is kept at all: what is begun there ends with that page. */
export const isFramed = self !== top;
const store = isFramed ? memory() : sessionStorage;

const CHAT = "chat";
const OUTBOX = "outbox";
const BLOCK = "block"; // only in a tab that may not begin again for a time: what it hands on when it tries
const LEFT = "left"; // the page was left: by a link, Back, or closing the tab
const HIDDEN_AT = "hidden"; // since when another tab or app is in front
const AWAY_MS = 30 * 60 * 1000; // a call, a bus ride; after that a phone may be in other hands

/** @param {Kept} kept */
export function remember({ code, secret, isStarted }) {
  store.setItem(CHAT, JSON.stringify({ code, secret: b64urlEncode(secret), isStarted }));
}

/** @returns {boolean} whether this tab holds a chat, be it one's own or somebody's who left it */
export function holdsChat() {
  return store.getItem(CHAT) !== null;
}

/**
 * What this very page had before it was loaded again. Browsers hand a tab's store on to whoever brings the tab back
 * (Back, "Reopen closed tab", "Restore last session"), and that may be the next person at this computer.
 *
 * @returns {Kept | null}
 */
export function recall() {
  const found = store.getItem(CHAT);
  if (!found || !isOwnPageAgain()) return null;
  store.removeItem(LEFT);
  const { code, secret, isStarted } = JSON.parse(found);
  return { code, secret: b64urlDecode(secret), isStarted };
}

/** A page that was loaded again, or that the device threw out of memory meanwhile; not one that was left. */
function isOwnPageAgain() {
  const [entry] = performance.getEntriesByType("navigation");
  const isReload = entry instanceof PerformanceNavigationTiming && entry.type === "reload";
  return isReload || ("wasDiscarded" in document && document.wasDiscarded) || isPhoneThatForgot();
}

/** Phones end a browser in the background without a word; when they start it again, the page was never left. */
function isPhoneThatForgot() {
  const hiddenAt = Number(store.getItem(HIDDEN_AT));
  const isRecent = Math.abs(Date.now() - hiddenAt) < AWAY_MS;
  return matchMedia("(pointer: coarse)").matches && !store.getItem(LEFT) && isRecent;
}

addEventListener("pagehide", () => {
  if (holdsChat()) store.setItem(LEFT, "yes");
});
addEventListener("visibilitychange", () => {
  if (holdsChat()) store.setItem(HIDDEN_AT, String(Date.now()));
});

export function forget() {
  const block = blockKey();
  store.clear();
  if (block) keepBlock(block);
}

export function blockKey() {
  return store.getItem(BLOCK);
}

/** @param {string} key empty: it is over */
export function keepBlock(key) {
  if (key) store.setItem(BLOCK, key);
  else store.removeItem(BLOCK);
}

/** @returns {Sealed[]} in the order they were written */
export function outbox() {
  return JSON.parse(store.getItem(OUTBOX) ?? "[]");
}

/** @param {Sealed} message */
export function keepUntilSent(message) {
  store.setItem(OUTBOX, JSON.stringify([...outbox(), message]));
}

/** @param {string} clientId */
export function wasSent(clientId) {
  store.setItem(OUTBOX, JSON.stringify(outbox().filter((message) => message.client_id !== clientId)));
}

/** @returns {Pick<Storage, "getItem" | "setItem" | "removeItem" | "clear">} */
function memory() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}
