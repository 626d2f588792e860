// Passkeys in this browser: making one, signing in with one, and the secret that some of them give to the page.

import { b64urlDecode, b64urlEncode, randomBytes } from "../vault/codes.js";
import { QUESTION, unwrapStaffSeed } from "../vault/passkey.js";
import { CannotOpen } from "../vault/sealing.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./api.js").Keys} Keys */
/** @typedef {{ id: string, secret: Bytes | null, answer: object }} Touched secret: null where the device gives none */

/** The person has stopped it, or the device knows no passkey for this page: a browser does not tell which. */
export class Stopped extends Error {}

/** A passkey is for a host with a name, and not for a number. */
export function canUsePasskeys() {
  return isSecureContext && "PublicKeyCredential" in window && !/^[\d.:[\]]+$/.test(location.hostname);
}

/**
 * @param {any} options as the server gives them: bytes in base64url
 * @returns {Promise<Touched>} throws Stopped
 */
export async function makePasskey(options) {
  const publicKey = {
    ...options,
    challenge: b64urlDecode(options.challenge),
    user: { ...options.user, id: b64urlDecode(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(withBytes),
    extensions: { prf: { eval: { first: QUESTION } } },
  };
  const made = await touched(() => navigator.credentials.create({ publicKey }));
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  const answer = { ...common(made), response: { ...clientData(response), attestationObject: spelled(response.attestationObject) } };
  return { id: made.id, secret: await secretAfterMaking(made), answer };
}

/**
 * @param {any} options
 * @returns {Promise<Touched>} throws Stopped
 */
export async function usePasskey(options) {
  const publicKey = {
    ...options,
    challenge: b64urlDecode(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map(withBytes),
    extensions: { prf: { eval: { first: QUESTION } } },
  };
  const used = await touched(() => navigator.credentials.get({ publicKey }));
  const response = /** @type {AuthenticatorAssertionResponse} */ (used.response);
  const userHandle = response.userHandle ? spelled(response.userHandle) : null;
  const signed = { authenticatorData: spelled(response.authenticatorData), signature: spelled(response.signature), userHandle };
  return { id: used.id, secret: secretOf(used), answer: { ...common(used), response: { ...clientData(response), ...signed } } };
}

/**
 * Open one's keys again with a passkey, without asking the server anything.
 *
 * @param {Keys} keys
 * @returns {Promise<Bytes>} the staff seed; throws Stopped, CannotOpen
 */
export async function openWithPasskey(keys) {
  const allowCredentials = keys.passkeys.map(({ id }) => ({ type: "public-key", id }));
  const challenge = b64urlEncode(randomBytes(32)); // nobody checks what it signs: the secret is what opens
  return seedFrom(keys, await usePasskey({ challenge, allowCredentials, userVerification: "required" }));
}

/**
 * @param {Keys} keys
 * @param {Touched} passkey
 * @returns {Promise<Bytes>} throws CannotOpen where this passkey opens no keys
 */
export async function seedFrom(keys, { id, secret }) {
  const own = keys.passkeys.find((each) => each.id === id);
  if (!own || !secret) throw new CannotOpen();
  return unwrapStaffSeed(secret, b64urlDecode(own.wrapped), keys.me.code);
}

/**
 * Some devices give the secret only when they are used, so that it takes a second touch.
 *
 * @param {PublicKeyCredential} made
 */
async function secretAfterMaking(made) {
  const secret = secretOf(made);
  if (secret || !made.getClientExtensionResults().prf?.enabled) return secret;
  const allowCredentials = [{ type: "public-key", id: made.id }];
  const challenge = b64urlEncode(randomBytes(32));
  return (await usePasskey({ challenge, allowCredentials, userVerification: "required" })).secret;
}

/** @param {PublicKeyCredential} credential */
function secretOf(credential) {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first ? new Uint8Array(/** @type {ArrayBuffer} */ (first)) : null;
}

/**
 * @param {() => Promise<Credential | null>} ask
 * @returns {Promise<PublicKeyCredential>}
 */
async function touched(ask) {
  try {
    const found = await ask();
    if (found instanceof PublicKeyCredential) return found;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  throw new Stopped();
}

/** @param {{ id: string }} descriptor */
function withBytes(descriptor) {
  return { ...descriptor, id: b64urlDecode(descriptor.id) };
}

/** @param {PublicKeyCredential} credential */
function common(credential) {
  return { id: credential.id, rawId: spelled(credential.rawId), type: credential.type, clientExtensionResults: {} };
}

/** @param {AuthenticatorResponse} response */
function clientData(response) {
  return { clientDataJSON: spelled(response.clientDataJSON) };
}

/** @param {ArrayBuffer} bytes */
function spelled(bytes) {
  return b64urlEncode(new Uint8Array(bytes));
}
