// Signatures (Ed25519) of what colleagues must be able to check: the roster and the lines' keys. Never of words.
// docs/sealing.md is the contract; the twin is helpline/vault/signing.py.

import { b64urlDecode } from "./codes.js";
import { derive } from "./sealing.js";

/** @typedef {import("./codes.js").Bytes} Bytes */

const ALGORITHM = { name: "Ed25519" };
// What WebCrypto wants before 32 bytes that are an Ed25519 private key (RFC 8410): a PKCS #8 envelope.
const ENVELOPE = Uint8Array.from("302e020100300506032b657004220420".match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** Not of this key, not for this purpose, or not of these bytes: nobody can tell which. */
export class BadSignature extends Error {}

/**
 * @param {Bytes} staffSeed
 * @returns {Promise<Bytes>} what a member of staff signs with
 */
export async function signingSeed(staffSeed) {
  return derive(staffSeed, "sign");
}

/**
 * @param {Bytes} seed
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function publicOf(seed) {
  const { x } = await crypto.subtle.exportKey("jwk", await privateKey(seed, true));
  return b64urlDecode(x ?? "");
}

/**
 * @param {Bytes} seed
 * @param {string} context
 * @param {Bytes} payload
 * @returns {Promise<Bytes>} 64 bytes
 */
export async function sign(seed, context, payload) {
  return new Uint8Array(await crypto.subtle.sign(ALGORITHM, await privateKey(seed, false), covered(context, payload)));
}

/**
 * Throws BadSignature.
 *
 * @param {Bytes} publicKey
 * @param {Bytes} signature
 * @param {string} context
 * @param {Bytes} payload
 */
export async function verify(publicKey, signature, context, payload) {
  if (!(await holds(publicKey, signature, covered(context, payload)))) throw new BadSignature();
}

/**
 * @param {Bytes} publicKey
 * @param {Bytes} signature
 * @param {Bytes} bytes
 */
async function holds(publicKey, signature, bytes) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, ALGORITHM, false, ["verify"]);
    return await crypto.subtle.verify(ALGORITHM, key, signature, bytes);
  } catch {
    return false; // no key at all, or no signature
  }
}

/**
 * @param {Bytes} seed
 * @param {boolean} isShown
 */
async function privateKey(seed, isShown) {
  const envelope = new Uint8Array([...ENVELOPE, ...seed]);
  return crypto.subtle.importKey("pkcs8", envelope, ALGORITHM, isShown, ["sign"]);
}

/**
 * A context holds no zero byte, so where it ends is certain.
 *
 * @param {string} context
 * @param {Bytes} payload
 */
function covered(context, payload) {
  const head = new TextEncoder().encode(context);
  const whole = new Uint8Array(head.length + 1 + payload.length);
  whole.set(head);
  whole.set(payload, head.length + 1);
  return whole;
}
