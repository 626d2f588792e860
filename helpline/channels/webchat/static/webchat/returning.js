// A return code: six words, made and checked in this page. The site learns neither them nor what they open.

import { b64urlDecode, b64urlEncode, hashCapability } from "../vault/codes.js";
import { newReturnCode, NotAReturnCode, returnKeys } from "../vault/returncode.js";
import * as sealing from "../vault/sealing.js";
import { keysFor, ownGrant } from "./keys.js";
import { post, postUntilAnswered, Refused } from "./post.js";

/** @typedef {import("./keys.js").Keys} Keys */
/** @typedef {import("./post.js").Standing} Standing */

const ATTEMPTS = 2; // words already in use: one in 10²³

/**
 * @param {Keys} keys
 * @returns {Promise<string>} the six words; shown once and kept nowhere
 */
export async function keepCode(keys) {
  for (let attempt = 1; ; attempt++) {
    const words = await newReturnCode();
    const { finder, capability, wrapKey } = await returnKeys(words);
    const grant = await sealing.wrapGrant(wrapKey, keys.seed, { code: keys.code, reader: "return" });
    try {
      await postUntilAnswered("keep", {
        ...keys.proof,
        finder_hash: b64urlEncode(await hashCapability(finder)),
        return_capability_hash: b64urlEncode(await hashCapability(capability)),
        grant: b64urlEncode(grant),
      });
      return words;
    } catch (error) {
      if (!(error instanceof Refused) || error.word !== "taken" || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * @param {string} typed
 * @returns {Promise<{ secret: import("../vault/codes.js").Bytes, keys: Keys, standing: Standing } | null>} null: wrong
 */
export async function comeBack(typed) {
  try {
    const { finder, capability, wrapKey } = await returnKeys(typed);
    const proof = { finder: b64urlEncode(finder), capability: b64urlEncode(capability) };
    const { code, grant } = await post("return", proof);
    const seed = await sealing.unwrapGrant(wrapKey, b64urlDecode(grant), { code, reader: "return" });
    return await takeOver(proof, code, seed);
  } catch (error) {
    if (error instanceof NotAReturnCode || (error instanceof Refused && error.word === "unknown")) return null;
    throw error;
  }
}

/**
 * @param {{ finder: string, capability: string }} proof
 * @param {string} code
 * @param {import("../vault/codes.js").Bytes} seed
 */
async function takeOver(proof, code, seed) {
  const secret = sealing.newKey();
  const keys = await keysFor(secret, code, seed);
  const standing = await post("return/take", {
    ...proof,
    capability_hash: b64urlEncode(await hashCapability(b64urlDecode(keys.capability))),
    grant: await ownGrant(secret, code, seed),
  });
  return { secret, keys, standing };
}
