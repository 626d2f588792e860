// Six words to come back with. From all six together: one key finds the conversation, another opens it.
// The twin of helpline/vault/return_codes.py.

import { argon2 } from "./argon2.js";
import { derive } from "./sealing.js";
import { drawWords, normalise } from "./words.js";

/** @typedef {import("./codes.js").Bytes} Bytes */
/** @typedef {{ finder: Bytes, capability: Bytes, wrapKey: Bytes }} ReturnKeys wrapKey never leaves the page */

const MEMORY_KIB = 65536; // 64 MiB: an old phone must manage it too
const SALT = new TextEncoder().encode("helpline/1/words"); // the same for everybody: the words alone must find the row

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
  const stretched = await argon2(new TextEncoder().encode(words.join(" ")), SALT, MEMORY_KIB);
  return {
    finder: await derive(stretched, "return-find"),
    capability: await derive(stretched, "return-capability"),
    wrapKey: await derive(stretched, "return-wrap"),
  };
}
