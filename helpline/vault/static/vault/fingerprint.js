// Bytes as people compare them, aloud or on paper. Only the staff pages need it; the twin is in words.py.

import { drawn } from "./words.js";

const WORDS = 6; // 76 bits: nobody finds another key with the same words

/**
 * The first words of SHA-256, read as one number to the base of how many words there are.
 *
 * @param {import("./codes.js").Bytes} bytes
 * @returns {Promise<string>}
 */
export async function fingerprint(bytes) {
  const words = await drawn();
  const size = BigInt(words.length);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  let rest = digest.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const found = [];
  while (found.length < WORDS) {
    found.push(words[Number(rest % size)]);
    rest /= size;
  }
  return found.join(" ");
}
