// What staff sign, byte by byte as docs/sealing.md says. The twin of helpline/vault/statements.py.

import { b64urlEncode } from "./codes.js";

/** @typedef {import("./codes.js").Bytes} Bytes */
/**
 * @typedef {object} Statement
 * @property {string} subject a member's code, or "recovery"
 * @property {number} number 1, 2, 3 … for each subject
 * @property {string} keyHash SHA-256 of the public key, base64url
 * @property {string} signingKey base64url
 * @property {string} role
 * @property {string[]} lines
 * @property {number} issuedAt seconds since 1970
 * @property {boolean} isWithdrawn
 * @property {string} root base64url; empty for the two that found the roster
 */

const encoder = new TextEncoder();

/** @type {Bytes} before anything is signed */
export const NO_HEAD = new Uint8Array(32);

/**
 * @param {Statement} statement
 * @returns {Bytes}
 */
export function payloadOf({ subject, number, keyHash, signingKey, role, lines, issuedAt, isWithdrawn, root }) {
  const place = isWithdrawn ? "withdrawn" : "present";
  return asBytes([subject, number, keyHash, signingKey, role, [...lines].sort().join(","), issuedAt, place, root]);
}

/**
 * Where a roster stands after one statement more; after the first two, its root.
 *
 * @param {Bytes} head
 * @param {Bytes} payload
 * @returns {Promise<Bytes>}
 */
export async function nextHead(head, payload) {
  return sha256(new Uint8Array([...head, ...(await sha256(payload))]));
}

/**
 * That a line's public key is the one that a supervisor has made in their browser.
 *
 * @param {{ line: string, purpose: string, epoch: number }} key
 * @param {Bytes} publicKey
 * @param {string} root
 * @returns {Promise<Bytes>}
 */
export async function lineKeyPayload({ line, purpose, epoch }, publicKey, root) {
  return asBytes([line, purpose, epoch, await keyHash(publicKey), root]);
}

/**
 * That these bytes are a line's figures of a period.
 *
 * @param {{ line: string, period: string, start: string }} what
 * @param {Bytes} sealed
 * @returns {Promise<Bytes>}
 */
export async function figuresPayload({ line, period, start }, sealed) {
  return asBytes([line, period, start, b64urlEncode(await sha256(sealed))]);
}

/**
 * That a note stands beside figures with these bytes. Hashes, since a text may hold a line break.
 *
 * @param {Bytes} sealed
 * @param {number} number
 * @param {string[]} texts
 * @returns {Promise<Bytes>}
 */
export async function figuresNotePayload(sealed, number, texts) {
  const hashes = await Promise.all(texts.map(async (text) => b64urlEncode(await sha256(encoder.encode(text)))));
  return asBytes([b64urlEncode(await sha256(sealed)), number, ...hashes]);
}

/**
 * @param {Bytes} publicKey
 * @returns {Promise<string>}
 */
export async function keyHash(publicKey) {
  return b64urlEncode(await sha256(publicKey));
}

/** @param {(string | number)[]} parts none holds a line break: they are codes, numbers and slugs */
function asBytes(parts) {
  return encoder.encode(parts.join("\n"));
}

/**
 * @param {Bytes} bytes
 * @returns {Promise<Bytes>}
 */
async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
