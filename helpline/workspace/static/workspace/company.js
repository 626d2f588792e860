// Who is in a conversation besides the person, and what is between colleagues: whispers, the note, calls for help.

import { b64urlDecode, b64urlEncode, newCode } from "../vault/codes.js";
import { openWhisper, sealWhisper } from "../vault/letters.js";
import { CannotOpen, openMessage, openSenderKey } from "../vault/sealing.js";
import { get, post, Refused, untilAnswered } from "./api.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./api.js").Beside} Beside */
/** @typedef {import("./api.js").Person} Person */
/** @typedef {import("./api.js").SealedNote} SealedNote */
/** @typedef {import("./api.js").SealedWhisper} SealedWhisper */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {{ id: string, by: string, isOwn: boolean, text: string | null }} Whisper */

export class Company {
  /** @type {Beside | null} as the server had it last */
  now = null;
  /** @type {Whisper[]} */
  whispers = [];
  /** @type {{ by: string, text: string } | null} */
  note = null;
  #noteId = "";
  /** @type {Promise<void>} */
  #reading = Promise.resolve();

  /** @param {Conversation} conversation */
  constructor(conversation) {
    this.conversation = conversation;
  }

  get isOwn() {
    return (this.now?.kind ?? this.conversation.summary.kind ?? "own") === "own";
  }

  get mayWrite() {
    return (this.now?.kind ?? this.conversation.summary.kind) !== "reading";
  }

  /** Whom one can whisper to: the counsellor everybody beside them, and they only the counsellor. */
  get others() {
    const { now } = this;
    if (!now) return [];
    if (this.isOwn) return now.companions;
    return now.counsellor ? [now.counsellor] : [];
  }

  /** The desk is locked, or the conversation gone: the words between colleagues leave its memory. */
  forget() {
    this.whispers = [];
    this.note = null;
    this.#noteId = "";
  }

  /** Ask how it stands; asked again meanwhile, it asks once more. */
  read() {
    this.#reading = this.#reading.catch(() => {}).then(() => this.#read());
    return this.#reading;
  }

  async #read() {
    try {
      /** @type {Beside} */
      const now = await untilAnswered(() => get(`/c/${this.conversation.code}/company.json`));
      await this.take(now);
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal; // no longer here: reading the desk again says so
    }
  }

  /** @param {Beside} now */
  async take(now) {
    if (this.conversation.keyring.isLocked) return; // read again when it is not
    this.now = now;
    await this.#openNote(now.note);
    if (now.whispers) this.whispers = await Promise.all(this.#once(now.whispers).map((each) => this.#open(each)));
    this.conversation.onChange(this.conversation, "company");
  }

  /**
   * To all of them or to nobody, so that what was not taken can be sent again. Throws NotVouched, and Refused:
   * `not_here`, `closed`.
   *
   * @param {string} text
   */
  async whisper(text) {
    const { code } = this.conversation;
    const letters = await Promise.all(this.others.map((to) => this.#letter(to, text)));
    await untilAnswered(() => post(`/c/${code}/whisper`, { letters }));
    await this.read();
  }

  /**
   * To one colleague here, whose key is vouched for; sealed once more for oneself.
   *
   * @param {Person} to
   * @param {string} text
   */
  async #letter(to, text) {
    const { code, keyring } = this.conversation;
    const clientId = newCode();
    await keyring.vouching.require(to);
    /** @param {Bytes} key */
    const sealed = async (key) => b64urlEncode(await sealWhisper(key, text, { code, clientId }));
    const letter = { to: to.code, client_id: clientId, sealed_to: await sealed(b64urlDecode(to.public_key)) };
    return { ...letter, sealed_own: await sealed(keyring.publicKey) };
  }

  /**
   * What one whispered to several at once is shown once.
   *
   * @param {SealedWhisper[]} whispers
   */
  #once(whispers) {
    const { me } = this.conversation.keyring;
    const own = new Map(whispers.filter(({ author }) => author === me.code).map((each) => [each.at, each]));
    return whispers.filter((each) => each.author !== me.code || own.get(each.at) === each);
  }

  /**
   * @param {SealedWhisper} sealed
   * @returns {Promise<Whisper>}
   */
  async #open({ client_id: id, by, author, sealed }) {
    const known = this.whispers.find((each) => each.id === id);
    if (known) return known;
    const { code, keyring } = this.conversation;
    return { id, by, isOwn: author === keyring.me.code, text: await orNull(openWhisper(await keyring.ownSeed(), b64urlDecode(sealed), { code, clientId: id })) };
  }

  /** @param {(SealedNote & { by: string }) | null} note */
  async #openNote(note) {
    const { seed, code } = this.conversation;
    if (!note || !seed) {
      this.note = null;
      this.#noteId = "";
      return;
    }
    if (note.client_id === this.#noteId) return;
    const author = /** @type {const} */ ("counsellor");
    const opening = openSenderKey(seed, b64urlDecode(note.key), { code, author, keyId: note.key_id }).then((key) =>
      openMessage(key, b64urlDecode(note.sealed), { code, author, clientId: note.client_id }),
    );
    const text = await orNull(opening);
    this.#noteId = note.client_id;
    this.note = text === null ? null : { by: note.by, text };
  }
}

/**
 * @param {Promise<string>} opening
 * @returns {Promise<string | null>} null for what cannot be opened
 */
async function orNull(opening) {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof CannotOpen) return null;
    throw error;
  }
}
