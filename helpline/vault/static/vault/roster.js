// Whose key may be sealed to: a list of statements, checked one by one from its root. docs/sealing.md is the contract.
// What the server says is taken for what it is: a claim. Nothing here asks it anything.

import { b64urlDecode, b64urlEncode } from "./codes.js";
import * as contexts from "./contexts.js";
import { derive, unwrap, wrap } from "./sealing.js";
import { BadSignature, verify } from "./signing.js";
import { keyHash, lineKeyPayload, nextHead, NO_HEAD, payloadOf } from "./statements.js";

/** @typedef {import("./codes.js").Bytes} Bytes */
/** @typedef {import("./statements.js").Statement} Statement */
/** @typedef {Statement & { signatures: { by: string, signature: string }[] }} Entry by: a member's code */
/** @typedef {{ root: string, count: number, head: string }} Pin how far somebody has seen a roster */
/** @typedef {{ line: string, purpose: string, epoch: number, public_key: string, signed_by: string | null,
 *   signature: string }} SignedLineKey */

const FOUNDERS = 2;
const SUPERVISOR = "supervisor";

/** The list is not what two supervisors have signed, or not the one that was pinned; `why` is a word for it. */
export class Forged extends Error {
  /** @param {"signature" | "signers" | "number" | "root" | "founding" | "rolled_back" | "other_root"} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

export class Roster {
  root = "";
  count = 0;
  head = b64urlEncode(NO_HEAD);
  /** @type {{ before: Entry, after: Entry, place: number }[]} who has other keys than before */
  newKeys = [];
  /** @type {Map<string, Entry>} what holds, by subject */
  #latest = new Map();
  #isForged = false;

  /** @param {Pin | null} pin */
  constructor(pin) {
    this.pin = pin;
  }

  get isFounded() {
    return this.count > 0 && !this.#isForged;
  }

  /**
   * What comes next in the list; all of it, so that less than was pinned is noticed. Throws Forged, and then nothing
   * is vouched for any more.
   *
   * @param {Entry[]} entries
   */
  async add(entries) {
    try {
      if (this.#isForged) throw new Forged("signature");
      const founding = this.count ? [] : entries.slice(0, FOUNDERS);
      if (founding.length) await this.#found(founding);
      for (const entry of entries.slice(founding.length)) await this.#add(entry);
      if (this.pin && this.count < this.pin.count) throw new Forged("rolled_back");
    } catch (error) {
      this.#isForged = true;
      if (error instanceof BadSignature) throw new Forged("signature");
      throw error;
    }
  }

  /**
   * @param {string} subject a member's code, or "recovery"
   * @returns {Entry | null} what holds for somebody who is vouched for
   */
  present(subject) {
    const entry = this.#isForged ? undefined : this.#latest.get(subject);
    return entry && !entry.isWithdrawn ? entry : null;
  }

  /**
   * @param {string} subject
   * @returns {Entry | null} the last statement about somebody, also of one who has left
   */
  last(subject) {
    return (!this.#isForged && this.#latest.get(subject)) || null;
  }

  /** @returns {Entry[]} everybody who is vouched for */
  get all() {
    return [...this.#latest.keys()].flatMap((subject) => this.present(subject) ?? []);
  }

  /**
   * @param {string} subject
   * @param {Bytes} publicKey
   */
  async vouchesFor(subject, publicKey) {
    return this.present(subject)?.keyHash === (await keyHash(publicKey));
  }

  /**
   * A line's public key is vouched for while a supervisor of that line is who has signed it.
   *
   * @param {SignedLineKey} key
   */
  async vouchesForLine(key) {
    const signer = key.signed_by ? this.present(key.signed_by) : null;
    if (signer?.role !== SUPERVISOR || !signer.lines.includes(key.line)) return false;
    const payload = await lineKeyPayload(key, b64urlDecode(key.public_key), this.root);
    try {
      await verify(b64urlDecode(signer.signingKey), b64urlDecode(key.signature), contexts.signed("line-key"), payload);
      return true;
    } catch (error) {
      if (error instanceof BadSignature) return false;
      throw error;
    }
  }

  /** @param {Entry[]} founding two supervisors, each vouched for by both */
  async #found(founding) {
    const members = new Map(founding.map((entry) => [entry.subject, entry]));
    const isSound = founding.every(
      (each) => each.role === SUPERVISOR && each.number === 1 && !each.isWithdrawn && each.root === "",
    );
    if (members.size !== FOUNDERS || !isSound) throw new Forged("founding");
    for (const entry of founding) await this.#checkSignatures(entry, members);
    let head = NO_HEAD;
    for (const entry of founding) head = await nextHead(head, payloadOf(entry));
    this.root = b64urlEncode(head);
    if (this.pin && this.pin.root !== this.root) throw new Forged("other_root");
    for (const entry of founding) await this.#append(entry);
  }

  /** @param {Entry} entry */
  async #add(entry) {
    if (entry.root !== this.root) throw new Forged("root");
    const before = this.#latest.get(entry.subject);
    if (entry.number !== (before?.number ?? 0) + 1) throw new Forged("number");
    await this.#checkSignatures(entry, this.#latest);
    await this.#append(entry);
    const isOtherKey = before && (before.keyHash !== entry.keyHash || before.signingKey !== entry.signingKey);
    if (isOtherKey) this.newKeys.push({ before, after: entry, place: this.count });
  }

  /** @param {Entry} entry */
  async #append(entry) {
    this.#latest.set(entry.subject, entry);
    this.head = b64urlEncode(await nextHead(b64urlDecode(this.head), payloadOf(entry)));
    this.count += 1;
    if (this.count === this.pin?.count && this.head !== this.pin.head) throw new Forged("rolled_back");
  }

  /**
   * @param {Entry} entry
   * @param {Map<string, Entry>} signers
   */
  async #checkSignatures(entry, signers) {
    const people = new Set(entry.signatures.map(({ by }) => by));
    if (entry.signatures.length !== 2 || people.size !== 2) throw new Forged("signers");
    for (const { by, signature } of entry.signatures) {
      const signer = signers.get(by);
      if (!signer || signer.isWithdrawn || signer.role !== SUPERVISOR) throw new Forged("signers");
      await verify(b64urlDecode(signer.signingKey), b64urlDecode(signature), contexts.signed("roster"), payloadOf(entry));
    }
  }
}

/**
 * @param {Bytes} staffSeed
 * @param {string} userCode
 * @param {Pin} pin
 * @returns {Promise<Bytes>} 96 bytes
 */
export async function wrapPin(staffSeed, userCode, { root, count, head }) {
  const bytes = new Uint8Array(68);
  bytes.set(b64urlDecode(root));
  new DataView(bytes.buffer).setUint32(32, count);
  bytes.set(b64urlDecode(head), 36);
  return wrap(await derive(staffSeed, "roster-pin"), bytes, contexts.rosterPin(userCode));
}

/**
 * Throws CannotOpen.
 *
 * @param {Bytes} staffSeed
 * @param {string} userCode
 * @param {Bytes} wrapped
 * @returns {Promise<Pin>}
 */
export async function unwrapPin(staffSeed, userCode, wrapped) {
  const bytes = await unwrap(await derive(staffSeed, "roster-pin"), wrapped, contexts.rosterPin(userCode));
  const count = new DataView(bytes.buffer).getUint32(32);
  return { root: b64urlEncode(bytes.slice(0, 32)), count, head: b64urlEncode(bytes.slice(36)) };
}
