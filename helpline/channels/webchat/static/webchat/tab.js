// What this tab keeps, so that a reload goes on: the chat's code, its secret, and messages on their way, sealed.
// Never a word in the clear: a browser writes this store to its disk.

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {{ code: string, secret: Bytes, isStarted: boolean }} Kept */
/** @typedef {{ client_id: string, key_id: string, sealed: string, key: string }} Sealed as it goes over the wire */

const CHAT = "chat";
const OUTBOX = "outbox";

/** @param {Kept} kept */
export function remember({ code, secret, isStarted }) {
  sessionStorage.setItem(CHAT, JSON.stringify({ code, secret: b64urlEncode(secret), isStarted }));
}

/** @returns {Kept | null} */
export function recall() {
  const found = sessionStorage.getItem(CHAT);
  if (!found) return null;
  const { code, secret, isStarted } = JSON.parse(found);
  return { code, secret: b64urlDecode(secret), isStarted };
}

export function forget() {
  sessionStorage.clear();
}

/** @returns {Sealed[]} in the order they were written */
export function outbox() {
  return JSON.parse(sessionStorage.getItem(OUTBOX) ?? "[]");
}

/** @param {Sealed} message */
export function keepUntilSent(message) {
  sessionStorage.setItem(OUTBOX, JSON.stringify([...outbox(), message]));
}

/** @param {string} clientId */
export function wasSent(clientId) {
  sessionStorage.setItem(OUTBOX, JSON.stringify(outbox().filter((message) => message.client_id !== clientId)));
}
