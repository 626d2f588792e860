// One conversation as the desk holds it: its key, its opened words, what is on its way, and what is unread.

import { tell } from "../live/stream.js";
import { b64urlDecode, newCode } from "../vault/codes.js";
import { CannotOpen, openMessage, openSenderKey, pad } from "../vault/sealing.js";
import { get, post, Refused, untilAnswered } from "./api.js";
import { Carried } from "./carried.js";
import { Company } from "./company.js";
import { LIVE_HEADERS, Outgoing } from "./outgoing.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./api.js").Author} Author */
/** @typedef {import("./api.js").Sealed} Sealed */
/** @typedef {import("./api.js").SealedSenderKey} SealedSenderKey */
/** @typedef {import("./api.js").SealedWords} SealedWords */
/** @typedef {import("./api.js").Summary} Summary */
/** @typedef {import("./keyring.js").Keyring} Keyring */
/** @typedef {{ clientId: string, seq: number | null, author: Author, by: string | null, text: string | null,
 *   at: number, state: "sending" | "sent" }} Entry seq and the server's time once the stream has brought it back;
 *   by: the pseudonym of a colleague who wrote it, null for one's own; text null: could not be opened */
/** @typedef {"words" | "receipt" | "typing" | "summary" | "refused" | "company"} Change */

const NEWEST = 40; // messages: more than a screen
const MANY_KEYS = 25; // each takes 3 ms to open: more would be felt
const LONGEST_FRAME_MS = 50;
const TYPING_ENDS_MS = 12_000; // a "stopped" that got lost must not leave somebody writing for ever

export class Conversation {
  /** @type {"opening" | "ready" | "no_key" | "gone"} */
  status = "opening";
  /** @type {Entry[]} those with a seq in its order, then what is on its way */
  entries = [];
  lastSeq = 0;
  readSeq = -1;
  theirSeq = 0;
  isTyping = false;
  /** A text that was not taken, to be put back in the box. */
  refusedText = "";
  refusedWord = "";
  /** @type {Bytes | null} */
  seed = null;
  /** @type {Map<string, number>} in which reading this page first held each message; no words, so kept while locked */
  heard = new Map();
  #readings = 0;

  /** @type {Map<string, Promise<Bytes>>} */
  #keys = new Map();
  /** @type {Map<string, string>} which colleague writes under which key */
  #colleagues = new Map();
  #told = 0;
  /** What there is to read that cannot be opened while the desk is locked. @type {Set<number>} */
  #unopened = new Set();
  #typingTimer = 0;
  /** @type {Promise<void>} goes on behind a locked desk, where it may wait for a key until that is unlocked */
  #reading = Promise.resolve();
  /** @type {Promise<void>} the same, as long as it is worth waiting for */
  #loading = Promise.resolve();
  publicKey = /** @type {Bytes} */ (new Uint8Array());

  /**
   * @param {Keyring} keyring
   * @param {Summary} summary
   * @param {(conversation: Conversation, change: Change) => void} onChange
   */
  constructor(keyring, summary, onChange) {
    this.keyring = keyring;
    this.summary = summary;
    this.code = summary.code;
    this.onChange = onChange;
    this.company = new Company(this);
    this.carried = new Carried(this);
    this.outgoing = new Outgoing(this, (clientId, state, word) => this.#sendingIs(clientId, state, word));
  }

  get isOpen() {
    return this.summary.state === "open" && this.status !== "gone";
  }

  get unread() {
    return this.#unreadSeqs.size;
  }

  get #unreadSeqs() {
    const theirs = this.entries.filter(isTheirs).map(({ seq }) => seq ?? 0);
    return new Set([...this.#unopened, ...theirs].filter((seq) => seq > this.readSeq));
  }

  get hasUnsent() {
    return this.entries.some((each) => each.state === "sending");
  }

  /** What a person said last, leaving out notices. */
  get latest() {
    return [...this.entries].reverse().find((each) => each.author !== "system");
  }

  /**
   * Read and open everything; safe to call again at any time.
   *
   * @param {SealedWords} [given] when the words are here already
   */
  load(given) {
    if (this.keyring.isLocked) return this.#loading;
    this.#reading = this.#reading.catch(() => {}).then(() => this.#load(given)); // one that failed stops no other
    this.#loading = Promise.race([this.#reading, this.keyring.untilLocked]);
    return this.#loading;
  }

  /** @param {SealedSenderKey | undefined} key */
  learn(key) {
    if (!key || !this.seed || this.#keys.has(key.key_id)) return;
    this.#keys.set(key.key_id, this.#openKey(this.seed, key));
    if (key.by && key.by !== this.keyring.me.pseudonym) this.#colleagues.set(key.key_id, key.by);
  }

  /**
   * A message from the stream. A gap means that something was missed: everything is read again.
   *
   * @param {Sealed} sealed
   */
  async receive(sealed) {
    await this.#loading.catch(() => {});
    const isMissing = this.status === "ready" && sealed.seq > this.lastSeq + 1;
    if (this.status === "opening" || isMissing) await this.load(); // it failed, or something did not come
    if (this.keyring.isLocked) return this.#count(sealed);
    if (this.status !== "ready" || sealed.seq <= this.lastSeq) return;
    const entry = await this.#open(sealed);
    if (this.keyring.isLocked) return this.#count(sealed); // in that moment
    this.#readings += 1;
    this.#place([entry]);
    this.isTyping &&= sealed.author !== "help_seeker";
    this.#settle();
  }

  /** The desk is locked: keys and words leave its memory; what is on its way or half written stays. */
  lock() {
    this.#forget();
    void this.#reading
      .catch(() => {})
      .then(() => {
        if (this.keyring.isLocked) this.#forget(); // what was being opened in that moment
      });
  }

  #forget() {
    this.#unopened = this.#unreadSeqs;
    if (this.status !== "gone") this.status = "opening";
    this.seed = null;
    this.outgoing.forget();
    this.entries = this.entries.filter((each) => each.state === "sending");
    this.#keys.clear();
    this.#colleagues.clear();
    this.company.forget();
    this.onChange(this, "words");
  }

  /** @param {Sealed} sealed something to read once the desk is unlocked */
  #count({ seq, author }) {
    if (seq <= this.lastSeq) return;
    this.lastSeq = seq;
    if (isTheirs({ author })) this.#unopened.add(seq);
    this.isTyping &&= author !== "help_seeker";
    this.onChange(this, "words");
  }

  /**
   * How far the person has received.
   *
   * @param {number} seq
   */
  received(seq) {
    this.theirSeq = Math.max(this.theirSeq, seq);
    this.onChange(this, "receipt");
  }

  /** Something besides the words has changed: colleagues, a hand-over, or a key that was missing has come. */
  async news() {
    await this.#loading.catch(() => {});
    if ((!this.isOpen && !this.#mayBeAnswered) || this.keyring.isLocked) return;
    if (this.status !== "ready" && this.isOpen) await this.load();
    else await this.company.read();
    if (this.carried.by || this.carried.now) await this.carried.read();
  }

  /** A service answers also after the end. */
  get #mayBeAnswered() {
    return this.status !== "gone" && Boolean(this.company.now?.referrals.length);
  }

  /** @param {boolean} isOn */
  typing(isOn) {
    clearTimeout(this.#typingTimer);
    this.isTyping = isOn;
    if (isOn) this.#typingTimer = setTimeout(() => this.typing(false), TYPING_ENDS_MS);
    this.onChange(this, "typing");
  }

  markRead() {
    if (this.readSeq === this.lastSeq) return;
    this.readSeq = this.lastSeq;
    this.onChange(this, "summary");
  }

  /**
   * Seal and send, as often as it takes. Throws TextTooLong, and then nothing has happened.
   *
   * @param {string} text
   */
  send(text) {
    pad(text);
    /** @type {Entry} */
    const entry = { clientId: newCode(), seq: null, author: "counsellor", by: null, text, at: 0, state: "sending" };
    this.entries.push(entry);
    this.heard.set(entry.clientId, this.#readings);
    this.outgoing.send(entry.clientId, text);
    this.onChange(this, "words");
  }

  /** @param {boolean} isOn */
  sayTyping(isOn) {
    if (!this.carried.by) void tell(`/live/c/${this.code}/typing`, LIVE_HEADERS, { on: isOn });
  }

  /** @param {SealedWords} [given] */
  async #load(given) {
    const words = given ?? (await this.#read());
    if (!words) return;
    this.#readings += 1;
    this.publicKey = b64urlDecode(words.public_key);
    const seed = this.seed ?? (await this.#openSeed(words));
    if (this.keyring.isLocked) return; // meanwhile: what was opened is let go of
    this.seed = seed;
    this.#unopened.clear();
    this.status = this.seed ? "ready" : "no_key";
    if (this.readSeq < 0) this.readSeq = words.counsellor_seq;
    this.theirSeq = Math.max(this.theirSeq, words.help_seeker_seq);
    await this.#openAll(this.seed, words);
    await this.company.take(words);
    if (this.isOpen) void this.company.read(); // and the whispers
    if (this.carried.by) void this.carried.read();
  }

  /**
   * The newest first, since those are looked at: without JavaScript each of the person's messages has a key of its own,
   * which takes some 3 ms.
   *
   * @param {Bytes | null} seed
   * @param {SealedWords} words
   */
  async #openAll(seed, { messages, keys }) {
    const sealedKeys = new Map(keys.map((key) => [key.key_id, key]));
    const first = keys.length > MANY_KEYS ? NEWEST : messages.length;
    for (const some of seed ? [messages.slice(-first), messages.slice(0, -first)] : []) {
      for (const { key_id: keyId } of some) this.learn(sealedKeys.get(keyId));
      this.#place(await Promise.all(some.map((sealed) => this.#open(sealed))));
      this.#settle();
      if (first < messages.length) await aFrame();
    }
    if (!seed) this.#settle();
  }

  /** @returns {Promise<SealedWords | null>} null when it is no longer here to read */
  async #read() {
    try {
      return await untilAnswered(() => get(`/c/${this.code}/words.json`));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.word === "unknown") this.leave();
      return null;
    }
  }

  /** It was handed over or erased: what was opened here is forgotten. */
  leave() {
    this.status = "gone";
    this.readSeq = this.lastSeq;
    this.#forget();
  }

  /**
   * @param {SealedWords} words
   * @returns {Promise<Bytes | null>}
   */
  async #openSeed({ code, line, grant, queue_grant: queued, supervisor_grant: supervised }) {
    try {
      if (grant) return await this.keyring.openOwn(code, grant);
      if (supervised) return await this.keyring.openShared(line, "supervisor", code, supervised);
      if (!queued) return null;
      const seed = await this.keyring.openShared(line, "queue", code, queued);
      void this.#keepGrant(seed);
      return seed;
    } catch (error) {
      if (error instanceof CannotOpen) return null;
      throw error;
    }
  }

  /**
   * From here on only this person opens it: the grant for everybody on duty ends with this.
   *
   * @param {Bytes} seed
   */
  async #keepGrant(seed) {
    const grant = await this.keyring.sealFor(this.code, seed);
    try {
      await untilAnswered(() => post(`/c/${this.code}/grant`, { grant }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // ended or handed over in the same moment
    }
  }

  /**
   * @param {Bytes} seed
   * @param {SealedSenderKey} key
   */
  #openKey(seed, { key_id: keyId, author, sealed }) {
    const opening = openSenderKey(seed, b64urlDecode(sealed), { code: this.code, author, keyId });
    opening.catch(() => {}); // said where a message needs it
    return opening;
  }

  /**
   * @param {Sealed} message
   * @returns {Promise<Entry>}
   */
  async #open({ seq, author, client_id: clientId, key_id: keyId, sealed, at }) {
    const known = this.entries.find((each) => each.clientId === clientId);
    if (known) return Object.assign(known, { seq, at, state: "sent" });
    let text = null;
    try {
      const key = await this.#keys.get(keyId);
      if (key) text = await openMessage(key, b64urlDecode(sealed), { code: this.code, author, clientId });
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
    }
    return { clientId, seq, author, by: this.#colleagues.get(keyId) ?? null, text, at, state: "sent" };
  }

  /** @param {Entry[]} some of them known already */
  #place(some) {
    for (const { clientId } of some) if (!this.heard.has(clientId)) this.heard.set(clientId, this.#readings);
    const all = [...new Set([...this.entries, ...some])];
    this.entries = all.sort((one, other) => (one.seq ?? Infinity) - (other.seq ?? Infinity));
    this.lastSeq = Math.max(this.lastSeq, ...some.map((each) => each.seq ?? 0));
  }

  /** Something has arrived and is in its place. */
  #settle() {
    this.onChange(this, "words");
    if (this.lastSeq <= this.#told || !this.isOpen) return;
    this.#told = this.lastSeq;
    void tell(`/live/c/${this.code}/receipts`, LIVE_HEADERS, { seq: this.lastSeq });
  }

  /**
   * @param {string} clientId
   * @param {string} state
   * @param {string} word
   */
  #sendingIs(clientId, state, word) {
    const entry = this.entries.find((each) => each.clientId === clientId);
    if (!entry) return;
    if (state === "sent") entry.state = "sent";
    if (state === "refused") {
      this.entries = this.entries.filter((each) => each !== entry);
      this.refusedText = [this.refusedText, entry.text].filter(Boolean).join("\n");
      this.refusedWord = word;
    }
    this.onChange(this, state === "refused" ? "refused" : "words");
  }
}

/** Let the page show what it has. In a tab that is out of sight there are no frames, and nothing to wait for. */
async function aFrame() {
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve, 0));
    setTimeout(resolve, LONGEST_FRAME_MS);
  });
}

/** @param {{ author: Author }} said by the person, or by somebody of a service whom they let in */
function isTheirs({ author }) {
  return author === "help_seeker" || author === "service";
}
