// Sealing and opening in the browser. docs/sealing.md is the contract; the twin of helpline/vault/sealing.py.

import { randomBytes } from "./codes.js";
import * as contexts from "./contexts.js";
import { publicKeyOf as expandPublicKey, suite } from "./hpke.bundle.js";

/** @typedef {import("./codes.js").Bytes} Bytes */
/** @typedef {import("./contexts.js").Author} Author */
/** @typedef {import("./contexts.js").LineKeyPurpose} LineKeyPurpose */
/** @typedef {import("./contexts.js").Purpose} Purpose */
/** @typedef {import("./contexts.js").Reader} Reader */
/** @typedef {{ code: string, author: Author, clientId: string }} MessagePlace */
/** @typedef {{ code: string, author: Author, keyId: string }} SenderKeyPlace */
/** @typedef {{ code: string, reader: Reader }} GrantPlace */
/** @typedef {{ lineSlug: string, purpose: LineKeyPurpose, epoch: number, userCode: string }} LineKeyPlace */

export const KEY_BYTES = 32;
export const PAD_BYTES = 256;
export const MAX_TEXT_BYTES = 8192;
export const MAX_MESSAGE_BYTES = 8476;
const ENC_BYTES = 1120;
const NONCE_BYTES = 12;
const GCM_BYTES = 28; // nonce and tag
const LENGTH_BYTES = 4;

const encoder = new TextEncoder();
// ignoreBOM keeps a first U+FEFF; without it the text would open shorter than it was sealed.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Tampered with, sealed to somebody else, or for another place: nobody can tell which. */
export class CannotOpen extends Error {}

/** More than MAX_TEXT_BYTES of UTF-8. */
export class TextTooLong extends Error {}

/** @returns {Bytes} a private key: everywhere in this system a private key is its 32-byte seed */
export function generateSeed() {
  return randomBytes(KEY_BYTES);
}

/** @returns {Bytes} */
export function newKey() {
  return randomBytes(KEY_BYTES);
}

/**
 * @param {Bytes} seed
 * @returns {Bytes}
 */
export function publicKeyOf(seed) {
  return new Uint8Array(expandPublicKey(checkedKey(seed)));
}

/**
 * @param {Bytes} publicKey
 * @param {Bytes} plaintext
 * @param {string} context
 * @returns {Promise<Bytes>}
 */
export async function seal(publicKey, plaintext, context) {
  const key = await suite.DeserializePublicKey(publicKey);
  const sealed = await suite.Seal(key, plaintext, { info: encoder.encode(context) });
  return joined(sealed.encapsulatedSecret, sealed.ciphertext);
}

/**
 * @param {Bytes} seed
 * @param {Bytes} sealed
 * @param {string} context
 * @returns {Promise<Bytes>}
 */
export async function openSealed(seed, sealed, context) {
  const key = await privateKey(seed);
  try {
    const [enc, ciphertext] = [sealed.subarray(0, ENC_BYTES), sealed.subarray(ENC_BYTES)];
    return new Uint8Array(await suite.Open(key, enc, ciphertext, { info: encoder.encode(context) }));
  } catch {
    throw new CannotOpen();
  }
}

/**
 * @param {Bytes} key
 * @param {Bytes} secret
 * @param {string} context
 * @returns {Promise<Bytes>}
 */
export async function wrap(key, secret, context) {
  const nonce = randomBytes(NONCE_BYTES);
  return joined(nonce, await crypto.subtle.encrypt(aesGcm(nonce, context), await aesKey(key), secret));
}

/**
 * @param {Bytes} key
 * @param {Bytes} wrapped
 * @param {string} context
 * @returns {Promise<Bytes>}
 */
export async function unwrap(key, wrapped, context) {
  const imported = await aesKey(key);
  if (wrapped.length < GCM_BYTES) throw new CannotOpen();
  const algorithm = aesGcm(wrapped.subarray(0, NONCE_BYTES), context);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, wrapped.subarray(NONCE_BYTES)));
  } catch {
    throw new CannotOpen();
  }
}

/**
 * @param {Bytes} key
 * @param {Bytes} wrapped
 * @param {string} context
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function unwrapKey(key, wrapped, context) {
  return openedKey(await unwrap(key, wrapped, context));
}

/**
 * One secret, several uses that tell nothing about each other.
 *
 * @param {Bytes} secret
 * @param {Purpose} purpose
 * @returns {Promise<Bytes>}
 */
export async function derive(secret, purpose) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const info = encoder.encode(contexts.derive(purpose));
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, KEY_BYTES * 8));
}

/**
 * @param {string} text
 * @returns {Bytes}
 */
export function pad(text) {
  const content = encoder.encode(text);
  if (content.length > MAX_TEXT_BYTES) throw new TextTooLong();
  const body = new Uint8Array(paddedLength(LENGTH_BYTES + content.length));
  new DataView(body.buffer).setUint32(0, content.length);
  body.set(content, LENGTH_BYTES);
  return body;
}

/**
 * Refuses any padding that pad would not make, so that it cannot carry anything.
 *
 * @param {Bytes} body
 * @returns {string}
 */
export function unpad(body) {
  if (body.length < LENGTH_BYTES) throw new CannotOpen();
  const end = LENGTH_BYTES + new DataView(body.buffer, body.byteOffset).getUint32(0);
  const tooLong = end > LENGTH_BYTES + MAX_TEXT_BYTES;
  if (tooLong || body.length !== paddedLength(end) || body.subarray(end).some((byte) => byte !== 0)) {
    throw new CannotOpen();
  }
  try {
    return decoder.decode(body.subarray(LENGTH_BYTES, end));
  } catch {
    throw new CannotOpen();
  }
}

/**
 * @param {Bytes} key
 * @param {string} text
 * @param {MessagePlace} place
 * @returns {Promise<Bytes>}
 */
export async function sealMessage(key, text, { code, author, clientId }) {
  return wrap(key, pad(text), contexts.message(code, author, clientId));
}

/**
 * @param {Bytes} key
 * @param {Bytes} sealed
 * @param {MessagePlace} place
 * @returns {Promise<string>}
 */
export async function openMessage(key, sealed, { code, author, clientId }) {
  return unpad(await unwrap(key, sealed, contexts.message(code, author, clientId)));
}

/**
 * @param {Bytes} publicKey
 * @param {Bytes} key
 * @param {SenderKeyPlace} place
 * @returns {Promise<Bytes>}
 */
export async function sealSenderKey(publicKey, key, { code, author, keyId }) {
  return seal(publicKey, checkedKey(key), contexts.senderKey(code, author, keyId));
}

/**
 * @param {Bytes} seed
 * @param {Bytes} sealed
 * @param {SenderKeyPlace} place
 * @returns {Promise<Bytes>}
 */
export async function openSenderKey(seed, sealed, { code, author, keyId }) {
  return openedKey(await openSealed(seed, sealed, contexts.senderKey(code, author, keyId)));
}

/**
 * For "queue", "supervisor" and "staff:{userCode}", who have a key pair.
 *
 * @param {Bytes} readerPublicKey
 * @param {Bytes} conversationSeed
 * @param {GrantPlace} place
 * @returns {Promise<Bytes>}
 */
export async function sealGrant(readerPublicKey, conversationSeed, { code, reader }) {
  return seal(readerPublicKey, checkedKey(conversationSeed), contexts.grant(code, reader));
}

/**
 * @param {Bytes} readerSeed
 * @param {Bytes} sealed
 * @param {GrantPlace} place
 * @returns {Promise<Bytes>}
 */
export async function openGrant(readerSeed, sealed, { code, reader }) {
  return openedKey(await openSealed(readerSeed, sealed, contexts.grant(code, reader)));
}

/**
 * For "help_seeker" and "return", who have a secret.
 *
 * @param {Bytes} key
 * @param {Bytes} conversationSeed
 * @param {GrantPlace} place
 * @returns {Promise<Bytes>}
 */
export async function wrapGrant(key, conversationSeed, { code, reader }) {
  return wrap(key, checkedKey(conversationSeed), contexts.grant(code, reader));
}

/**
 * @param {Bytes} key
 * @param {Bytes} wrapped
 * @param {GrantPlace} place
 * @returns {Promise<Bytes>}
 */
export async function unwrapGrant(key, wrapped, { code, reader }) {
  return unwrapKey(key, wrapped, contexts.grant(code, reader));
}

/**
 * @param {Bytes} staffPublicKey
 * @param {Bytes} lineSeed
 * @param {LineKeyPlace} place
 * @returns {Promise<Bytes>}
 */
export async function sealLineKey(staffPublicKey, lineSeed, { lineSlug, purpose, epoch, userCode }) {
  return seal(staffPublicKey, checkedKey(lineSeed), contexts.lineKey(lineSlug, purpose, epoch, userCode));
}

/**
 * @param {Bytes} staffSeed
 * @param {Bytes} sealed
 * @param {LineKeyPlace} place
 * @returns {Promise<Bytes>}
 */
export async function openLineKey(staffSeed, sealed, { lineSlug, purpose, epoch, userCode }) {
  return openedKey(await openSealed(staffSeed, sealed, contexts.lineKey(lineSlug, purpose, epoch, userCode)));
}

/** @type {WeakMap<Bytes, Promise<CryptoKey>>} */
const aesKeys = new WeakMap();

/**
 * A conversation opens hundreds of messages under one key: it is imported once.
 *
 * @param {Bytes} key
 * @returns {Promise<CryptoKey>}
 */
function aesKey(key) {
  const known = aesKeys.get(key);
  if (known) return known;
  const imported = crypto.subtle.importKey("raw", checkedKey(key), "AES-GCM", false, ["encrypt", "decrypt"]);
  aesKeys.set(key, imported);
  return imported;
}

/** @type {WeakMap<Bytes, ReturnType<typeof suite.DeserializePrivateKey>>} */
const privateKeys = new WeakMap();

/**
 * Expanding a seed is a quarter of an opening, and a transcript may open hundreds of sender keys with one seed.
 *
 * @param {Bytes} seed
 */
function privateKey(seed) {
  const known = privateKeys.get(seed);
  if (known) return known;
  const expanded = suite.DeserializePrivateKey(checkedKey(seed), false);
  privateKeys.set(seed, expanded);
  return expanded;
}

/**
 * @param {Bytes} nonce
 * @param {string} context
 */
function aesGcm(nonce, context) {
  return { name: "AES-GCM", iv: nonce, additionalData: encoder.encode(context) };
}

/**
 * @param {Uint8Array} head
 * @param {Uint8Array | ArrayBuffer} tail
 * @returns {Bytes}
 */
function joined(head, tail) {
  const whole = new Uint8Array(head.length + tail.byteLength);
  whole.set(head);
  whole.set(new Uint8Array(tail), head.length);
  return whole;
}

/** @param {number} length */
function paddedLength(length) {
  return Math.ceil(length / PAD_BYTES) * PAD_BYTES;
}

/**
 * @param {Bytes} key
 * @returns {Bytes}
 */
function checkedKey(key) {
  if (key.length !== KEY_BYTES) throw new RangeError("a key is 32 bytes");
  return key;
}

/**
 * @param {Bytes} key
 * @returns {Bytes}
 */
function openedKey(key) {
  if (key.length !== KEY_BYTES) throw new CannotOpen();
  return key;
}
