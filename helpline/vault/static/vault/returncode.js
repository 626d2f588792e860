// Six words to come back with: the first three find the conversation, the last three open it.
// The twin of helpline/vault/return_codes.py.

import { argon2 } from "./argon2.js";
import { derive } from "./sealing.js";
import { drawWords, normalise } from "./words.js";

/** @typedef {import("./codes.js").Bytes} Bytes */
/** @typedef {{ finder: Bytes, capability: Bytes, wrapKey: Bytes }} ReturnKeys wrapKey never leaves the page */

const MEMORY_KIB = 65536; // 64 MiB: an old phone must manage it too
const SALT_BYTES = 16;

/** Not six words. Whether it is a known code, only the server can say, and it says the same of all others. */
export class NotAReturnCode extends Error {}

/** @returns {Promise<string>} */
export async function newReturnCode() {
  return drawWords(6);
}

/**
 * @param {string} typed
 * @returns {Promise<ReturnKeys>}
 */
export async function returnKeys(typed) {
  const words = normalise(typed).split(" ");
  if (words.length !== 6) throw new NotAReturnCode();
  const [find, open] = [bytesOf(words.slice(0, 3)), bytesOf(words.slice(3))];
  const salt = (await derive(find, "return-open")).slice(0, SALT_BYTES);
  const opener = await argon2(open, salt, MEMORY_KIB);
  return {
    finder: await derive(find, "return-find"),
    capability: await derive(opener, "return-capability"),
    wrapKey: await derive(opener, "return-wrap"),
  };
}

/** @param {string[]} words */
function bytesOf(words) {
  return new TextEncoder().encode(words.join(" "));
}
