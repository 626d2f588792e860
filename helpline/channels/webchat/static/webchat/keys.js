// A conversation's keys in this page. docs/sealing.md is the contract.

import { b64urlDecode, b64urlEncode, hashCapability, newCode } from "../vault/codes.js";
import * as sealing from "../vault/sealing.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("../vault/contexts.js").Author} Author */
/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./tab.js").Sealed} Sealed */
/** @typedef {{ key_id: string, author: Author, by: string | null, sealed: string }} KeyTold by: who of staff made it */
/** @typedef {{ seq: number, author: Author, client_id: string, key_id: string, sealed: string, at: number }} Said */

export class Keys {
  /**
   * @param {string} code
   * @param {Bytes} capability
   * @param {Bytes} seed
   */
  constructor(code, capability, seed) {
    this.code = code;
    this.capability = b64urlEncode(capability);
    this.seed = seed;
    this.publicKey = sealing.publicKeyOf(seed);
    this.senderKey = sealing.newKey();
    this.senderKeyId = newCode();
    this.sealedSenderKey = sealing.sealSenderKey(this.publicKey, this.senderKey, this.#place(this.senderKeyId));
    /** @type {Map<string, Promise<Bytes>>} */
    this.known = new Map();
    /** @type {Map<string, string>} who of staff writes under which key */
    this.names = new Map();
  }

  /** What proves to the site that this is one's own conversation. */
  get proof() {
    return { code: this.code, capability: this.capability };
  }

  /**
   * @param {string} text
   * @returns {Promise<Sealed>}
   */
  async seal(text) {
    const clientId = newCode();
    const place = { code: this.code, author: /** @type {const} */ ("help_seeker"), clientId };
    const sealed = await sealing.sealMessage(this.senderKey, text, place);
    const key = b64urlEncode(await this.sealedSenderKey);
    return { client_id: clientId, key_id: this.senderKeyId, sealed: b64urlEncode(sealed), key };
  }

  /** @param {KeyTold} told */
  learn({ key_id, author, by, sealed }) {
    if (by) this.names.set(key_id, by);
    const place = { code: this.code, author, keyId: key_id };
    this.known.set(key_id, sealing.openSenderKey(this.seed, b64urlDecode(sealed), place));
    this.known.get(key_id)?.catch(() => {}); // whoever opens a message with it hears of it
  }

  /**
   * @param {Pick<Said, "author" | "client_id" | "key_id" | "sealed">} said
   * @returns {Promise<string>} CannotOpen otherwise
   */
  async open({ author, client_id, key_id, sealed }) {
    const key = await this.known.get(key_id);
    if (!key) throw new sealing.CannotOpen();
    return sealing.openMessage(key, b64urlDecode(sealed), { code: this.code, author, clientId: client_id });
  }

  /** @param {string} keyId */
  #place(keyId) {
    return { code: this.code, author: /** @type {const} */ ("help_seeker"), keyId };
  }
}

/**
 * @param {Bytes} secret
 * @param {string} code
 * @param {Bytes} seed
 */
export async function keysFor(secret, code, seed) {
  return new Keys(code, await sealing.derive(secret, "capability"), seed);
}

/** @param {Bytes} secret */
export async function capabilityOf(secret) {
  return b64urlEncode(await sealing.derive(secret, "capability"));
}

/**
 * A new conversation, and what the site is told of it: nothing that opens it.
 *
 * @param {Page} page
 * @param {Bytes} secret
 * @param {string} code
 */
export async function begin(page, secret, code) {
  const seed = sealing.generateSeed();
  const keys = await keysFor(secret, code, seed);
  const grants = { ...(await lineGrants(keys, page.keys)), help_seeker: await ownGrant(secret, code, seed) };
  const capability_hash = b64urlEncode(await hashCapability(b64urlDecode(keys.capability)));
  const public_key = b64urlEncode(keys.publicKey);
  return { keys, told: { line: page.line, code, public_key, capability_hash, grants, language: page.language } };
}

/**
 * The conversation's key, sealed to those of a line who may answer and to its supervisors.
 *
 * @param {Keys} keys
 * @param {{ queue: string, supervisor: string }} to the line's public keys
 */
export async function lineGrants({ code, seed }, to) {
  /** @param {"queue" | "supervisor"} reader */
  const sealedFor = async (reader) =>
    b64urlEncode(await sealing.sealGrant(b64urlDecode(to[reader]), seed, { code, reader }));
  return { queue: await sealedFor("queue"), supervisor: await sealedFor("supervisor") };
}

/**
 * The keys of a conversation that this tab began before it was loaded again.
 *
 * @param {Bytes} secret
 * @param {string} code
 * @param {string} grant
 */
export async function resume(secret, code, grant) {
  const wrapKey = await sealing.derive(secret, "help-seeker-wrap");
  const seed = await sealing.unwrapGrant(wrapKey, b64urlDecode(grant), { code, reader: "help_seeker" });
  return keysFor(secret, code, seed);
}

/**
 * The conversation's key, wrapped so that this tab's secret opens it.
 *
 * @param {Bytes} secret
 * @param {string} code
 * @param {Bytes} seed
 */
export async function ownGrant(secret, code, seed) {
  const wrapKey = await sealing.derive(secret, "help-seeker-wrap");
  return b64urlEncode(await sealing.wrapGrant(wrapKey, seed, { code, reader: "help_seeker" }));
}
