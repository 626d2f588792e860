// A member of staff's one passphrase: it signs in, and it opens their key. The twin of passphrases.py.

import { argon2 } from "./argon2.js";
import { b64urlEncode } from "./codes.js";
import * as contexts from "./contexts.js";
import { derive, unwrapKey, wrap } from "./sealing.js";
import { drawWords, normalise } from "./words.js";

/** @typedef {import("./codes.js").Bytes} Bytes */

const MEMORY_KIB = 131072; // 128 MiB: what a guess costs an attacker, and a desk computer can spare

/** @returns {Promise<string>} five words, 63.6 bits */
export async function newPassphrase() {
  return drawWords(5);
}

/**
 * Slow on purpose, some 0.6 s; everything else comes from its answer, which never leaves the page.
 *
 * @param {string} passphrase as typed
 * @param {Bytes} salt 16 bytes
 * @returns {Promise<Bytes>}
 */
export async function stretch(passphrase, salt) {
  return argon2(new TextEncoder().encode(normalise(passphrase)), salt, MEMORY_KIB);
}

/**
 * What the server is sent at sign-in. It opens nothing.
 *
 * @param {Bytes} stretched
 * @returns {Promise<string>}
 */
export async function signInSecret(stretched) {
  return b64urlEncode(await derive(stretched, "sign-in"));
}

/**
 * @param {Bytes} stretched
 * @param {Bytes} seed
 * @param {string} userCode
 * @returns {Promise<Bytes>}
 */
export async function wrapStaffSeed(stretched, seed, userCode) {
  return wrap(await derive(stretched, "staff-wrap"), seed, contexts.staffKey(userCode));
}

/**
 * @param {Bytes} stretched
 * @param {Bytes} wrapped
 * @param {string} userCode
 * @returns {Promise<Bytes>}
 */
export async function unwrapStaffSeed(stretched, wrapped, userCode) {
  return unwrapKey(await derive(stretched, "staff-wrap"), wrapped, contexts.staffKey(userCode));
}
