// A passkey that also opens its owner's key: it gives the page a secret (WebAuthn PRF) that wraps the staff seed.
// The twin of passkeys.py.

import * as contexts from "./contexts.js";
import { derive, unwrapKey, wrap } from "./sealing.js";

/** @typedef {import("./codes.js").Bytes} Bytes */

/** What each passkey is asked about: the same for all, since each answers with a secret of its own. */
export const QUESTION = new TextEncoder().encode("helpline/1/passkey");

/**
 * @param {Bytes} secret what the passkey answered
 * @param {Bytes} seed
 * @param {string} userCode
 * @returns {Promise<Bytes>}
 */
export async function wrapStaffSeed(secret, seed, userCode) {
  return wrap(await derive(secret, "passkey-wrap"), seed, contexts.staffKey(userCode));
}

/**
 * @param {Bytes} secret
 * @param {Bytes} wrapped throws CannotOpen when it was another passkey
 * @param {string} userCode
 * @returns {Promise<Bytes>}
 */
export async function unwrapStaffSeed(secret, wrapped, userCode) {
  return unwrapKey(await derive(secret, "passkey-wrap"), wrapped, contexts.staffKey(userCode));
}
