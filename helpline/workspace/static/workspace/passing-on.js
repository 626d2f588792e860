// Somebody of a service in the chat: they have no key of it. What is said from their joining on is sealed to them here.

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";
import { sealForGuest } from "../vault/letters.js";
import { post, Refused, untilAnswered } from "./api.js";
import { opened } from "./referrals.js";

/** @typedef {import("./api.js").Guest} Guest */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {{ seq: number, text: string }} Due */

const SUMMARY = 0; // stands where a message's seq does

export class PassingOn {
  /** @type {Promise<void>} one after the other, in order */
  #passing = Promise.resolve();
  /** @type {Set<string>} of which guest, and which message: done, whatever the server said last */
  #done = new Set();

  /** @param {Conversation} conversation */
  constructor(conversation) {
    this.conversation = conversation;
  }

  /** Called whenever anything has changed; does nothing where nobody is here, or all is passed on. */
  go() {
    if (this.#guest) this.#passing = this.#passing.then(() => this.#go());
  }

  /** @returns {Guest | null} whose words this page is to seal, if it can open them */
  get #guest() {
    const { company, isOpen, seed } = this.conversation;
    const guest = company.now?.guest;
    return isOpen && seed && company.isOwn && guest?.public_key ? guest : null;
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
    const found = this.conversation.entries.find(({ seq, text }) => seq && text !== null && seq > (guest.after ?? seq) && isDue(seq));
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
