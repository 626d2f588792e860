// Texts that are sealed to one key pair: what colleagues write to each other, and what a service's worker may read who
// was let in for a moment, and what goes to a carrier. Only the desk and that worker's page need them.
// docs/sealing.md is the contract; the twin is helpline/vault/sealing.py.

import * as contexts from "./contexts.js";
import { openSealed, pad, seal, unpad } from "./sealing.js";

/** @typedef {import("./codes.js").Bytes} Bytes */
/** @typedef {{ code: string, clientId: string }} WhisperPlace */
/** @typedef {{ code: string, disclosureCode: string }} DisclosurePlace */
/** @typedef {{ code: string, guestCode: string, seq: number }} GuestPlace */
/** @typedef {{ code: string, clientId: string }} GatewayPlace */

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

/**
 * One message to a service's worker, who has no key of the conversation.
 *
 * @param {Bytes} publicKey
 * @param {string} text
 * @param {GuestPlace} place
 * @returns {Promise<Bytes>}
 */
export async function sealForGuest(publicKey, text, { code, guestCode, seq }) {
  return seal(publicKey, pad(text), contexts.forGuest(code, guestCode, seq));
}

/**
 * @param {Bytes} seed
 * @param {Bytes} sealed
 * @param {GuestPlace} place
 * @returns {Promise<string>}
 */
export async function openForGuest(seed, sealed, { code, guestCode, seq }) {
  return unpad(await openSealed(seed, sealed, contexts.forGuest(code, guestCode, seq)));
}

/**
 * What a carrier must have in clear, to the gateway: the site and the database never see it.
 *
 * @param {Bytes} publicKey
 * @param {string} text
 * @param {GatewayPlace} place
 * @returns {Promise<Bytes>}
 */
export async function sealForGateway(publicKey, text, { code, clientId }) {
  return seal(publicKey, pad(text), contexts.forGateway(code, clientId));
}

/**
 * @param {Bytes} seed
 * @param {Bytes} sealed
 * @param {GatewayPlace} place
 * @returns {Promise<string>}
 */
export async function openForGateway(seed, sealed, { code, clientId }) {
  return unpad(await openSealed(seed, sealed, contexts.forGateway(code, clientId)));
}

/**
 * Where that goes, likewise.
 *
 * @param {Bytes} publicKey
 * @param {string} address
 * @param {{ code: string }} place
 * @returns {Promise<Bytes>}
 */
export async function sealReturnAddress(publicKey, address, { code }) {
  return seal(publicKey, pad(address), contexts.returnAddress(code));
}

/**
 * @param {Bytes} seed
 * @param {Bytes} sealed
 * @param {{ code: string }} place
 * @returns {Promise<string>}
 */
export async function openReturnAddress(seed, sealed, { code }) {
  return unpad(await openSealed(seed, sealed, contexts.returnAddress(code)));
}
