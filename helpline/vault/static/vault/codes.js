// Random codes and their spelling on the wire. The twin of helpline/vault/codes.py.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const CODE_BYTES = 16; // 128 bits: cannot be guessed
const CODE = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

/** Not the one right spelling of the bytes. */
export class Malformed extends Error {}

/**
 * @param {number} length
 * @returns {Bytes}
 */
export function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** @returns {string} 22 characters: a conversation, a message, a key */
export function newCode() {
  return b64urlEncode(randomBytes(CODE_BYTES));
}

/**
 * @param {string} text
 * @returns {boolean}
 */
export function isCode(text) {
  return CODE.test(text);
}

/**
 * @param {Uint8Array} data
 * @returns {string}
 */
export function b64urlEncode(data) {
  const characters = Array.from(data, (byte) => String.fromCharCode(byte)).join("");
  return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Strict: no padding, no white space, and one spelling only for the same bytes.
 *
 * @param {string} text
 * @returns {Bytes}
 */
export function b64urlDecode(text) {
  if (!BASE64URL.test(text) || text.length % 4 === 1) throw new Malformed();
  const characters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const data = Uint8Array.from(characters, (character) => character.charCodeAt(0));
  if (b64urlEncode(data) !== text) throw new Malformed();
  return data;
}

/**
 * What the server keeps of a capability.
 *
 * @param {Bytes} capability
 * @returns {Promise<Bytes>}
 */
export async function hashCapability(capability) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", capability));
}
