// Texts that are sealed to one key pair: what colleagues write to each other. Only the desk needs them.
// docs/sealing.md is the contract; the twin is helpline/vault/sealing.py.

import * as contexts from "./contexts.js";
import { openSealed, pad, seal, unpad } from "./sealing.js";

/** @typedef {import("./codes.js").Bytes} Bytes */
/** @typedef {{ code: string, clientId: string }} WhisperPlace */
/** @typedef {{ code: string, disclosureCode: string }} DisclosurePlace */

/**
 * To one member of staff; sealed once more for whoever wrote it.
 *
 * @param {Bytes} publicKey
 * @param {string} text
 * @param {WhisperPlace} place
 * @returns {Promise<Bytes>}
 */
export async function sealWhisper(publicKey, text, { code, clientId }) {
  return seal(publicKey, pad(text), contexts.whisper(code, clientId));
}

/**
 * @param {Bytes} seed
 * @param {Bytes} sealed
 * @param {WhisperPlace} place
 * @returns {Promise<string>}
 */
export async function openWhisper(seed, sealed, { code, clientId }) {
  return unpad(await openSealed(seed, sealed, contexts.whisper(code, clientId)));
}

/**
 * To the supervisors of a line, and once more to whoever asks.
 *
 * @param {Bytes} publicKey
 * @param {string} text
 * @param {DisclosurePlace} place
 * @returns {Promise<Bytes>}
 */
export async function sealDisclosure(publicKey, text, { code, disclosureCode }) {
  return seal(publicKey, pad(text), contexts.disclosure(code, disclosureCode));
}

/**
 * @param {Bytes} seed
 * @param {Bytes} sealed
 * @param {DisclosurePlace} place
 * @returns {Promise<string>}
 */
export async function openDisclosure(seed, sealed, { code, disclosureCode }) {
  return unpad(await openSealed(seed, sealed, contexts.disclosure(code, disclosureCode)));
}
