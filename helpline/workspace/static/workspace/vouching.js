// The roster as this page has checked it, kept up with the server, and the refusal to seal to whom it does not vouch for.

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";
import { fingerprint } from "../vault/fingerprint.js";
import { Forged, Roster, unwrapPin, wrapPin } from "../vault/roster.js";
import { publicOf, signingSeed } from "../vault/signing.js";
import { get, post, Refused, untilAnswered } from "./api.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("../vault/roster.js").Entry} Entry */
/** @typedef {import("../vault/roster.js").SignedLineKey} SignedLineKey */
/** @typedef {import("./api.js").Me} Me */
/** @typedef {{ subject: string, number: number, key_hash: string, signing_key: string, role: string, lines: string[],
 *   issued_at: number, is_withdrawn: boolean, root: string }} StatementShape */
/** @typedef {StatementShape & { signatures: { by: string, signature: string }[] }} EntryShape */
/** @typedef {{ entries: EntryShape[], names: Record<string, string>, pin: string | null, has_signing_key: boolean,
 *   due: boolean }} RosterShape roster.json */
/** @typedef {{ kind: "pinned" | "new_keys" | "forged", name: string, words: string }} News */

/** This page seals nothing to a key for which two supervisors have not vouched. */
export class NotVouched extends Refused {
  /** @param {"not_vouched" | "not_founded" | "forged"} word */
  constructor(word) {
    super(word, {});
  }
}

/** What such a refusal is called in words.js. */
export const NOT_VOUCHED = new Map([
  ["not_vouched", "not_vouched"],
  ["not_founded", "not_founded"],
  ["forged", "roster_forged"],
]);

export class Vouching {
  /** @type {Roster | null} */
  roster = null;
  /** @type {Record<string, string>} names by code; the server's word, shown and never relied on */
  names = {};
  /** Why nothing is believed any more; empty while all is well. */
  forged = "";
  /** @type {import("../vault/roster.js").Pin | null} */
  pin = null;
  /** Whether a supervisor has something to do on the page of keys. */
  isDue = false;
  /** Called whenever there may be something to tell. */
  onRead = () => {};
  /** @type {Promise<void>} */
  #reading = Promise.resolve();
  #toldUpTo = 0;

  /**
   * @param {Me} me
   * @param {() => Promise<Bytes>} ownSeed the keyring's, so that it is in one place and forgotten there
   */
  constructor(me, ownSeed) {
    this.me = me;
    this.ownSeed = ownSeed;
  }

  /** Take in what two supervisors have signed since. */
  read() {
    this.#reading = this.#reading.catch(() => {}).then(() => this.#read());
    return this.#reading.finally(() => this.onRead());
  }

  async #read() {
    /** @type {RosterShape} */
    const shape = await untilAnswered(() => get(`/keys/roster.json?after=${this.roster?.count ?? 0}`));
    this.names = shape.names;
    this.isDue = shape.due;
    if (!this.roster) await this.#begin(shape);
    if (this.forged || !this.roster) return;
    try {
      await this.roster.add(shape.entries.map(entryOf));
    } catch (error) {
      if (!(error instanceof Forged)) throw error;
      this.forged = error.why;
      return;
    }
    await this.#keepPin();
  }

  /** @param {RosterShape} shape */
  async #begin({ pin, has_signing_key: hasSigningKey }) {
    if (!hasSigningKey) {
      const signingKey = b64urlEncode(await publicOf(await signingSeed(await this.ownSeed())));
      await untilAnswered(() => post("/keys/signing-key", { signing_key: signingKey }));
    }
    this.pin = pin ? await unwrapPin(await this.ownSeed(), this.me.code, b64urlDecode(pin)) : null;
    this.#toldUpTo = this.pin?.count ?? 0;
    this.roster = new Roster(this.pin);
  }

  async #keepPin() {
    const { roster } = this;
    if (!roster?.isFounded || roster.count === this.pin?.count) return;
    this.pin = { root: roster.root, count: roster.count, head: roster.head };
    const wrapped = b64urlEncode(await wrapPin(await this.ownSeed(), this.me.code, this.pin));
    await untilAnswered(() => post("/keys/pin", { pin: wrapped }));
  }

  /** A roster that was founded anew: only after its words were compared with what two supervisors say. */
  async acceptRoot() {
    const fresh = new Roster(null);
    /** @type {RosterShape} */
    const shape = await untilAnswered(() => get("/keys/roster.json?after=0"));
    await fresh.add(shape.entries.map(entryOf));
    [this.roster, this.pin, this.forged] = [fresh, null, ""];
    await this.#keepPin();
  }

  /** @returns {Promise<News[]>} what this person has not been told yet */
  async news() {
    const { roster } = this;
    if (this.forged) return [{ kind: "forged", name: "", words: "" }];
    if (!roster?.isFounded) return [];
    const [from, isFirst] = [this.#toldUpTo, !this.#toldUpTo];
    this.#toldUpTo = roster.count;
    if (isFirst) return [{ kind: "pinned", name: "", words: await fingerprint(b64urlDecode(roster.root)) }];
    const since = roster.newKeys.filter(({ place }) => place > from);
    return Promise.all(
      since.map(async ({ after }) => {
        return { kind: /** @type {const} */ ("new_keys"), name: this.nameOf(after.subject), words: await wordsOf(after) };
      }),
    );
  }

  /** @param {string} subject */
  nameOf(subject) {
    return this.names[subject] ?? subject;
  }

  /**
   * Throws NotVouched unless this colleague's key is one that two supervisors have vouched for.
   *
   * @param {{ code: string, public_key: string }} colleague
   */
  async require({ code, public_key: publicKey }) {
    const roster = await this.#trusted();
    if (!(await roster.vouchesFor(code, b64urlDecode(publicKey)))) throw new NotVouched("not_vouched");
  }

  /**
   * The same for a line's key: a supervisor of that line has made it.
   *
   * @param {SignedLineKey} key
   */
  async requireLine(key) {
    const roster = await this.#trusted();
    if (!(await roster.vouchesForLine(key))) throw new NotVouched("not_vouched");
  }

  async #trusted() {
    await this.read();
    if (this.forged) throw new NotVouched("forged");
    if (!this.roster?.isFounded) throw new NotVouched("not_founded");
    return this.roster;
  }
}

/**
 * @param {{ keyHash: string, signingKey: string }} keys
 * @returns {Promise<string>} six words to compare
 */
export async function wordsOf({ keyHash, signingKey }) {
  return fingerprint(new Uint8Array([...b64urlDecode(keyHash), ...b64urlDecode(signingKey)]));
}

/**
 * @param {StatementShape} shape
 * @returns {import("../vault/statements.js").Statement}
 */
export function statementOf(shape) {
  const { subject, number, role, lines, root } = shape;
  const { key_hash: keyHash, signing_key: signingKey, issued_at: issuedAt, is_withdrawn: isWithdrawn } = shape;
  return { subject, number, keyHash, signingKey, role, lines, issuedAt, isWithdrawn, root };
}

/**
 * @param {EntryShape} shape
 * @returns {Entry}
 */
function entryOf(shape) {
  return { ...statementOf(shape), signatures: shape.signatures };
}
