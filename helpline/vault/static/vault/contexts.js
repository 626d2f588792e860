// Every context string, in one place. The twin of helpline/vault/contexts.py.

/** @typedef {"help_seeker" | "counsellor" | "service" | "system"} Author */
/** @typedef {"queue" | "supervisor"} LineKeyPurpose */
/** @typedef {"queue" | "supervisor" | "help_seeker" | "return" | `staff:${string}`} Reader */
/** @typedef {"capability" | "help-seeker-wrap" | "sign-in" | "staff-wrap" | "passkey-wrap" | "return-find"
 *   | "return-capability" | "return-wrap" | "plain-sender" | "plain-sender-id" | "sign" | "roster-pin"} Purpose */
/** @typedef {"roster" | "line-key" | "receipt" | "audit-head" | "figures" | "figures-note"} Signed */

/** Stands where a user's code does, for the key that is split and kept on paper. */
export const RECOVERY = "recovery";

const PART = /^[A-Za-z0-9_:-]{1,64}$/;

/**
 * @param {string} userCode
 * @returns {`staff:${string}`}
 */
export function staffReader(userCode) {
  return `staff:${userCode}`;
}

/**
 * @param {string} code
 * @param {Author} author
 * @param {string} clientId
 */
export function message(code, author, clientId) {
  return context("message", code, author, clientId);
}

/**
 * @param {string} code
 * @param {Author} author
 * @param {string} keyId
 */
export function senderKey(code, author, keyId) {
  return context("sender-key", code, author, keyId);
}

/**
 * @param {string} code
 * @param {Reader} reader
 */
export function grant(code, reader) {
  return context("grant", code, reader);
}

/**
 * @param {string} lineSlug
 * @param {LineKeyPurpose} purpose
 * @param {number} epoch
 * @param {string} userCode
 */
export function lineKey(lineSlug, purpose, epoch, userCode) {
  return context("line-key", lineSlug, purpose, String(epoch), userCode);
}

/**
 * @param {string} code
 * @param {string} clientId
 */
export function whisper(code, clientId) {
  return context("whisper", code, clientId);
}

/**
 * @param {string} code
 * @param {string} disclosureCode
 */
export function disclosure(code, disclosureCode) {
  return context("disclosure", code, disclosureCode);
}

/**
 * @param {string} code
 * @param {string} guestCode
 * @param {number} seq
 */
export function forGuest(code, guestCode, seq) {
  return context("for-guest", code, guestCode, String(seq));
}

/**
 * One message as a carrier must have it.
 * @param {string} code
 * @param {string} clientId
 */
export function forGateway(code, clientId) {
  return context("for-gateway", code, clientId);
}

/**
 * A number that is sealed for one message to somebody who has no conversation by text.
 * @param {string} code
 */
export function returnAddress(code) {
  return context("return-address", code);
}

/** @param {string} userCode */
export function staffKey(userCode) {
  return context("staff-key", userCode);
}

/** @param {string} userCode */
export function rosterPin(userCode) {
  return context("roster-pin", userCode);
}

/**
 * What a signature covers besides the payload.
 *
 * @param {Signed} what
 */
export function signed(what) {
  return context("signed", what);
}

/** @param {Purpose} purpose */
export function derive(purpose) {
  return context("derive", purpose);
}

/**
 * A slash inside a part could make two contexts read alike, so no part may hold one.
 *
 * @param {string[]} parts
 * @returns {string}
 */
function context(...parts) {
  if (!parts.every((part) => PART.test(part))) throw new RangeError("not a part of a context");
  return ["helpline", "1", ...parts].join("/");
}
