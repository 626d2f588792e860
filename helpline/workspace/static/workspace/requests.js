// What a counsellor asks of others: to go on with somebody, to come in for a moment, to help, to break confidentiality.

import { post, Refused, untilAnswered } from "./api.js";
import { announce } from "./attention.js";
import { byId, tell } from "./dom.js";
import { askToDisclose } from "./disclosure.js";
import { agreedTarget, askIn, askThePerson, askToWhom, complete } from "./handover.js";
import { takeBack } from "./referrals.js";
import { NOT_VOUCHED } from "./vouching.js";
import { say } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./handover.js").Target} Target */
/** @typedef {import("./pane.js").Wish} Wish */

/** What a refusal is called here; anything else went wrong. */
const SENTENCES = new Map([
  ["not_free", "not_free"],
  ["asked", "asked_already"],
  ...NOT_VOUCHED,
]);

export class Requests {
  /** @type {Map<string, string>} how each hand-over stood when last heard of */
  #stood = new Map();
  /** @type {Set<string>} those being handed over now */
  #completing = new Set();
  /** @type {Set<string>} taken back by oneself: that nothing is asked any more is no answer of theirs */
  #withdrawn = new Set();

  /** @param {(code: string) => void} release take it off the desk */
  constructor(release) {
    this.release = release;
  }

  /**
   * @param {Wish} wish
   * @param {Conversation} conversation
   */
  async do(wish, conversation) {
    const { code, company } = conversation;
    if (wish === "transfer") return this.handOver(conversation, "");
    await this.#tried(async () => {
      if (wish === "help") await untilAnswered(() => post(`/c/${code}/help`));
      if (wish === "three_way") await askIn(conversation);
      if (wish === "disclose") await askToDisclose(conversation);
      if (wish === "join") await untilAnswered(() => post(`/c/${code}/join`));
      if (wish === "leave") await untilAnswered(() => post(`/c/${code}/leave`));
      if (wish === "leave") this.release(code);
      if (wish === "withdraw") await this.#withdraw(code);
      if (wish.startsWith("answered_")) await untilAnswered(() => post(`/c/${code}/handover/answer`, { answer: wish.slice("answered_".length) }));
    });
    await company.read();
    if (wish === "help") announce(say("help_called"));
  }

  /**
   * The counsellor ends a colleague's moment, or that of somebody of a service: then the person's yes to it ends, too.
   *
   * @param {Conversation} conversation
   * @param {string} who
   */
  async endMoment(conversation, who) {
    const { code, company } = conversation;
    const guest = company.now?.guest;
    const consent = guest?.code === who ? guest.referral : "";
    await this.#tried(() => (consent ? takeBack(conversation, consent, guest?.item) : untilAnswered(() => post(`/c/${code}/leave`, { who }))));
    await company.read();
  }

  /**
   * Without a note, and on the same line, at once; else the person is asked.
   *
   * @param {Conversation} conversation
   * @param {string} first said first in the question
   * @returns {Promise<void>}
   */
  async handOver(conversation, first) {
    const wish = conversation.seed && (await askToWhom(conversation, first));
    if (!wish) return;
    const { target, note } = wish;
    try {
      if (note || target.kind === "line") {
        this.#withdrawn.delete(conversation.code);
        await askThePerson(conversation, target, note);
        await conversation.company.read();
      } else {
        await this.#complete(conversation, target, target.name);
      }
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      if (refusal.word === "not_free") return this.handOver(conversation, say("not_free"));
      this.#say(say(SENTENCES.get(refusal.word) ?? "failed"));
    }
  }

  /**
   * Something besides the words has changed: a yes is acted on, a no is said.
   *
   * @param {Conversation} conversation
   */
  async changed(conversation) {
    const { code, company } = conversation;
    const before = this.#stood.get(code) ?? "";
    const handover = conversation.isOpen && company.isOwn ? company.now?.handover : null;
    this.#stood.set(code, handover?.state ?? "");
    const isNo = before === "asked" && !handover && conversation.isOpen && !this.#withdrawn.has(code);
    if (isNo) this.#say(say("handover_declined"));
    if (!handover || handover.state === "asked" || this.#completing.has(code) || !conversation.seed) return;
    try {
      await this.#complete(conversation, agreedTarget(handover), "");
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      await this.#withdraw(code);
      await company.read();
      this.#say(say(SENTENCES.get(refusal.word) ?? "failed"));
    }
  }

  /**
   * @param {Conversation} conversation
   * @param {Pick<Target, "kind" | "to">} target
   * @param {string} name
   */
  async #complete(conversation, target, name) {
    const { code } = conversation;
    this.#completing.add(code);
    try {
      await complete(conversation, target);
    } finally {
      this.#completing.delete(code);
    }
    this.release(code);
    announce(target.kind === "colleague" && name ? say("handed_over", { name }) : say("passed_on"));
  }

  /** @param {string} code */
  async #withdraw(code) {
    this.#withdrawn.add(code);
    await untilAnswered(() => post(`/c/${code}/handover/withdraw`));
    this.#say(say("handover_withdrawn"));
  }

  /** @param {() => Promise<unknown>} step */
  async #tried(step) {
    try {
      await step();
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      this.#say(say(SENTENCES.get(refusal.word) ?? "failed"));
    }
  }

  /** @param {string} sentence */
  #say(sentence) {
    tell(byId("offer-note", HTMLElement), sentence);
    announce(sentence);
  }
}
