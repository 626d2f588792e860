// Proof of work (ALTCHA, PBKDF2), while very many chats begin at once: vault/proof_of_work.py says how much.

import { say, word } from "./page.js";

/** @typedef {{ parameters: { nonce: string, salt: string, cost: number, keyLength: number, keyPrefix: string },
 *   signature: string }} Challenge */

/**
 * @param {Challenge} challenge
 * @returns {Promise<string>} what the server checks
 */
export async function prove(challenge) {
  say("starting", word("proving"));
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const began = performance.now();
  for (let counter = 0; ; counter += 1) {
    const derivedKey = hex(await derive(bytes(nonce), bytes(salt), counter, cost, keyLength));
    if (!derivedKey.startsWith(keyPrefix)) continue;
    say("starting", word("starting"));
    const time = Math.round(performance.now() - began);
    return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey, time } }));
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} nonce
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} counter
 * @param {number} iterations
 * @param {number} length in bytes
 */
async function derive(nonce, salt, counter, iterations, length) {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, length * 8);
  return new Uint8Array(bits);
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} found */
function hex(found) {
  return [...found].map((each) => each.toString(16).padStart(2, "0")).join("");
}
