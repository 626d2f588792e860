// The unlocked keys of one member of staff. In memory only: a reload forgets them.

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";
import * as contexts from "../vault/contexts.js";
import { unwrapStaffSeed } from "../vault/passphrase.js";
import { openDisclosure } from "../vault/letters.js";
import { CannotOpen, openGrant, openLineKey, publicKeyOf, sealGrant } from "../vault/sealing.js";
import { get } from "./api.js";
import { Vouching } from "./vouching.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./api.js").Keys} Keys */
/** @typedef {import("./api.js").SealedLineKey} SealedLineKey */
/** @typedef {import("../vault/contexts.js").LineKeyPurpose} LineKeyPurpose */

export class Keyring {
  /** @type {Map<string, Bytes>} by the sealed key, so that a new epoch is opened once and an old one kept */
  #lineSeeds = new Map();
  /** @type {Bytes | null} null while the desk is locked */
  #seed;
  /** @type {Promise<void>} */
  #unlocked = Promise.resolve();
  #unlock = () => {};
  #sayLocked = () => {};
  /** @type {Promise<void>} done when the desk is locked the next time: what waits for a key stops waiting for it */
  untilLocked = this.#nextLocking();

  /**
   * @param {Keys} keys
   * @param {Bytes} seed
   */
  constructor(keys, seed) {
    this.me = keys.me;
    this.#seed = seed;
    this.lineKeys = keys.line_keys;
    this.publicKey = publicKeyOf(seed); // one's own: whatever the server says
    this.vouching = new Vouching(keys.me, () => this.ownSeed());
  }

  get isLocked() {
    return this.#seed === null;
  }

  /**
   * One's own key; while the desk is locked, once it is unlocked again.
   *
   * @returns {Promise<Bytes>}
   */
  async ownSeed() {
    await this.#unlocked;
    if (!this.#seed) return this.ownSeed(); // locked anew in the same moment
    return this.#seed;
  }

  /** Forget every key. What needs one waits until `reopen`. */
  lock() {
    if (this.isLocked) return;
    this.#seed = null;
    this.#lineSeeds.clear();
    this.#unlocked = new Promise((resolve) => (this.#unlock = resolve));
    this.#sayLocked();
  }

  /** @param {Keyring} other the same person's, unlocked anew */
  async reopen(other) {
    this.#seed = await other.ownSeed();
    this.lineKeys = other.lineKeys;
    this.untilLocked = this.#nextLocking();
    this.#unlock();
  }

  /** @returns {Promise<void>} */
  #nextLocking() {
    return new Promise((resolve) => (this.#sayLocked = resolve));
  }

  /**
   * @param {Keys} keys
   * @param {Bytes} stretched what the passphrase was worked out to; throws CannotOpen when it was another one
   */
  static async unlock(keys, stretched) {
    return new Keyring(keys, await unwrapStaffSeed(stretched, b64urlDecode(keys.wrapped), keys.me.code));
  }

  /** Open the queue's keys before somebody waits for them: the first openings of a page take ten times as long. */
  async prepare() {
    for (const key of this.lineKeys.filter(({ purpose }) => purpose === "queue")) {
      await this.#lineSeed(key).catch((error) => {
        if (!(error instanceof CannotOpen)) throw error; // said when it is needed
      });
    }
  }

  /**
   * A conversation's key that was sealed to this person.
   *
   * @param {string} code
   * @param {string} sealed
   */
  async openOwn(code, sealed) {
    return openGrant(await this.ownSeed(), b64urlDecode(sealed), { code, reader: contexts.staffReader(this.me.code) });
  }

  /**
   * A conversation's key as everybody on duty opens it while it waits, or every supervisor of the line beside its
   * counsellor. Looks for new line keys before giving up.
   *
   * @param {string} line
   * @param {LineKeyPurpose} purpose
   * @param {string} code
   * @param {string} sealed
   */
  async openShared(line, purpose, code, sealed) {
    try {
      return await this.#openWith(line, purpose, code, sealed);
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      this.lineKeys = (await get("/keys.json")).line_keys;
      return this.#openWith(line, purpose, code, sealed);
    }
  }

  /**
   * A conversation's key sealed to this person, or to a colleague for whom two supervisors have vouched. Throws NotVouched.
   *
   * @param {string} code
   * @param {Bytes} seed
   * @param {{ code: string, public_key: string }} [to]
   * @returns {Promise<string>}
   */
  async sealFor(code, seed, to = this.me) {
    const isOwn = to.code === this.me.code;
    if (!isOwn) await this.vouching.require(to);
    const publicKey = isOwn ? this.publicKey : b64urlDecode(to.public_key);
    return b64urlEncode(await sealGrant(publicKey, seed, { code, reader: contexts.staffReader(to.code) }));
  }

  /**
   * A conversation's key for whoever is on duty; null where this person does not hold the line's queue key. Throws
   * NotVouched for a line key that no supervisor has made.
   *
   * @param {string} line
   * @param {string} code
   * @param {Bytes} seed
   * @returns {Promise<string | null>}
   */
  async sealForQueue(line, code, seed) {
    this.lineKeys = (await get("/keys.json")).line_keys; // new keys are made when somebody has left
    const [newest] = this.#keysOf(line, "queue");
    if (!newest) return null;
    const publicKey = publicKeyOf(await this.#lineSeed(newest));
    await this.vouching.requireLine({ ...newest, public_key: b64urlEncode(publicKey) });
    return b64urlEncode(await sealGrant(publicKey, seed, { code, reader: "queue" }));
  }

  /**
   * Why a colleague asks to break confidentiality. Throws CannotOpen.
   *
   * @param {string} line
   * @param {string} code
   * @param {{ code: string, sealed: string }} disclosure
   */
  async openDisclosure(line, code, { code: disclosureCode, sealed }) {
    for (const key of this.#keysOf(line, "supervisor")) {
      try {
        return await openDisclosure(await this.#lineSeed(key), b64urlDecode(sealed), { code, disclosureCode });
      } catch (error) {
        if (!(error instanceof CannotOpen)) throw error; // sealed to an earlier epoch: try that one
      }
    }
    throw new CannotOpen();
  }

  /**
   * @param {string} line
   * @param {LineKeyPurpose} purpose
   * @returns {SealedLineKey[]} the newest first
   */
  #keysOf(line, purpose) {
    const keys = this.lineKeys.filter((key) => key.line === line && key.purpose === purpose);
    return keys.sort((one, other) => other.epoch - one.epoch);
  }

  /**
   * @param {string} line
   * @param {LineKeyPurpose} purpose
   * @param {string} code
   * @param {string} sealed
   * @returns {Promise<Bytes>}
   */
  async #openWith(line, purpose, code, sealed) {
    for (const key of this.#keysOf(line, purpose)) {
      try {
        return await openGrant(await this.#lineSeed(key), b64urlDecode(sealed), { code, reader: purpose });
      } catch (error) {
        if (!(error instanceof CannotOpen)) throw error; // sealed to an earlier epoch: try that one
      }
    }
    throw new CannotOpen();
  }

  /** @param {SealedLineKey} key */
  async #lineSeed(key) {
    const known = this.#lineSeeds.get(key.sealed);
    if (known) return known;
    const place = { lineSlug: key.line, purpose: key.purpose, epoch: key.epoch, userCode: this.me.code };
    const seed = await openLineKey(await this.ownSeed(), b64urlDecode(key.sealed), place);
    if (!this.isLocked) this.#lineSeeds.set(key.sealed, seed);
    return seed;
  }
}
