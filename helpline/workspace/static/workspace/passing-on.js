// Somebody of a service in the chat: they have no key of it. What is said from their joining on is sealed to them here.
// From when that is, this page sees for itself, whatever the server asks for (docs/sealing.md).

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";
import { sealForGuest } from "../vault/letters.js";
import { post, Refused, untilAnswered } from "./api.js";
import { opened } from "./referrals.js";

/** @typedef {import("./api.js").Guest} Guest */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./conversation.js").Entry} Entry */
/** @typedef {{ seq: number, text: string }} Due */

const SUMMARY = 0; // stands where a message's seq does

export class PassingOn {
  /** @type {Promise<void>} one after the other, in order */
  #passing = Promise.resolve();
  /** @type {Set<string>} of which guest, and which message: done, whatever the server said last */
  #done = new Set();
  /** @type {Map<string, string>} with which key each guest came: it is not another's meanwhile */
  #keys = new Map();

  /** @param {Conversation} conversation */
  constructor(conversation) {
    this.conversation = conversation;
  }

  /** Called whenever anything has changed; does nothing where nobody is here, or all is passed on. */
  go() {
    if (this.#guest) this.#passing = this.#passing.then(() => this.#go());
    return this.#passing;
  }

  /** @returns {Guest | null} whose words this page is to seal, if it can open them */
  get #guest() {
    const { company, isOpen, seed } = this.conversation;
    const guest = company.now?.guest;
    if (!isOpen || !seed || !company.isOwn || !guest?.public_key || !this.#isAgreed(guest)) return null;
    if (!this.#keys.has(guest.code)) this.#keys.set(guest.code, guest.public_key);
    return this.#keys.get(guest.code) === guest.public_key && this.#notice(guest) ? guest : null;
  }

  /** @param {Guest} guest */
  #isAgreed({ referral: code, item }) {
    const referral = this.conversation.company.now?.referrals.find((each) => each.code === code);
    return Boolean(referral?.items.some((each) => each.code === item && each.is_agreed));
  }

  /**
   * The notice of their coming, in the words on screen. There is one each time they come and one each time they go, so
   * that they are here if the number is odd; counted only where no message is missing.
   *
   * @param {Guest} guest
   */
  #notice({ name }) {
    const said = this.conversation.entries.filter(({ seq }) => seq);
    const notices = said.filter(({ author, text }) => author === "system" && text?.includes(name));
    return said.length === this.conversation.lastSeq && notices.length % 2 ? notices.at(-1) : undefined;
  }

  /**
   * From the notice on; and nothing that this page held before it, in whatever place the server puts either.
   *
   * @param {Entry} entry
   * @param {Entry} notice
   */
  #isFromThenOn(entry, notice) {
    const { heard } = this.conversation;
    const isHeardThen = (heard.get(entry.clientId) ?? -1) >= (heard.get(notice.clientId) ?? Infinity);
    return isHeardThen && (entry.seq ?? 0) >= (notice.seq ?? Infinity);
  }

  async #go() {
    try {
      for (let next = await this.#next(); next; next = await this.#next()) await this.#pass(next);
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal; // they have left, or were asked to: reading again says so
    }
  }

  /** @returns {Promise<(Due & { guest: Guest }) | null>} */
  async #next() {
    const guest = this.#guest;
    if (!guest) return null;
    const isDue = (/** @type {number} */ seq) => !this.#done.has(`${guest.code} ${seq}`);
    if (guest.note && isDue(SUMMARY)) return { guest, seq: SUMMARY, text: (await this.#summary(guest)) ?? "" };
    const notice = this.#notice(guest);
    const found = this.conversation.entries.find(
      (entry) =>
        notice && this.#isFromThenOn(entry, notice) && entry.text !== null && (entry.seq ?? 0) > (guest.after ?? Infinity) && isDue(entry.seq ?? 0),
    );
    return found ? { guest, seq: found.seq ?? SUMMARY, text: found.text ?? "" } : null;
  }

  /** @param {Guest} guest */
  async #summary({ referral: code, note }) {
    const referral = this.conversation.company.now?.referrals.find((each) => each.code === code);
    const item = referral?.items.find((each) => each.code === note);
    return referral && item ? opened(this.conversation, referral, item.code, item.sealed) : null;
  }

  /** @param {Due & { guest: Guest }} due */
  async #pass({ guest, seq, text }) {
    const { code } = this.conversation;
    if (seq !== SUMMARY || text) {
      const sealed = await sealForGuest(b64urlDecode(guest.public_key ?? ""), text, { code, guestCode: guest.code, seq });
      const words = [{ seq, sealed: b64urlEncode(sealed) }];
      await untilAnswered(() => post(`/c/${code}/guest/pass-on`, { guest: guest.code, words }));
    }
    this.#done.add(`${guest.code} ${seq}`);
  }
}
