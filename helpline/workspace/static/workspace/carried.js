// Somebody who reads by text or mail: how what was said is getting on, and by when they are promised an answer.

import { b64urlDecode } from "../vault/codes.js";
import { get, Refused, untilAnswered } from "./api.js";
import { oneOf, say } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./conversation.js").Entry} Entry */
/** @typedef {{ seq: number, state: "pending" | "sending" | "sent" | "delivered" | "failed", reason: string,
 *   parts: number }} Delivery */
/** @typedef {{ channel: "sms" | "email", gateway_key: string, window: string, heard_at: number, promise_seconds: number,
 *   deliveries: Delivery[], invitation: string }} Way carried.json; times in epoch seconds */

const FRESH_MS = 3_600_000; // the gateway's key is turned each night, and the one before opens for a day more
const JUST_NOW_SECONDS = 600; // whoever has just written is there: nothing waits for their safe time

export class Carried {
  /** @type {Way | null} as the server had it last; null before it was asked, and where they read on a page */
  now = null;
  /** @type {Map<number, Delivery>} */
  #deliveries = new Map();
  #readAt = 0;
  /** @type {Promise<void>} */
  #reading = Promise.resolve();

  /** @param {Conversation} conversation */
  constructor(conversation) {
    this.conversation = conversation;
  }

  /** @returns {"" | "sms" | "email"} by which channel a reply goes out; empty where they read on a page */
  get by() {
    return this.conversation.summary.carried ?? "";
  }

  /** Ask how it stands; asked again meanwhile, it asks once more. */
  read() {
    this.#reading = this.#reading.catch(() => {}).then(() => this.#read());
    return this.#reading;
  }

  async #read() {
    const { conversation } = this;
    try {
      const now = await untilAnswered(() => get(`/c/${conversation.code}/carried.json`));
      this.now = now.channel ? now : null;
      this.#readAt = Date.now();
      this.#deliveries = new Map(this.now?.deliveries.map((each) => [each.seq, each]));
      conversation.onChange(conversation, "receipt");
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal; // no longer here: reading the desk again says so
    }
  }

  /** The key of the gateway, to which goes what a carrier must have in clear; null where nothing is carried any more. */
  async gatewayKey() {
    if (!this.now || Date.now() - this.#readAt > FRESH_MS) await this.read();
    return this.now && b64urlDecode(this.now.gateway_key);
  }

  /**
   * What became of a reply, in words; null where it did not go out by text or mail.
   *
   * @param {Entry} entry
   * @returns {{ text: string, isFailed: boolean } | null}
   */
  stateOf({ seq, state }) {
    if (state === "sending") return null;
    const delivery = this.#deliveries.get(seq ?? -1);
    if (!delivery) return this.by ? { text: say("carried_pending"), isFailed: false } : null;
    if (delivery.state !== "failed") return { text: this.#wordFor(delivery), isFailed: false };
    const reason = oneOf("failed_reasons", delivery.reason);
    const isKnown = reason !== delivery.reason;
    return { text: isKnown ? say("carried_failed_for", { reason }) : say("carried_failed"), isFailed: true };
  }

  /** @param {Delivery} delivery */
  #wordFor({ state }) {
    const window = this.now?.window ?? "any";
    const isThere = Date.now() / 1000 - (this.now?.heard_at ?? 0) < JUST_NOW_SECONDS;
    if (state !== "pending" || window === "any" || isThere) return say(`carried_${state}`);
    return say("carried_waits", { window: oneOf("windows", window) });
  }

  /** @returns {number | null} by when they are promised an answer to what they said first since ours; epoch seconds */
  get promisedBy() {
    /** @type {Entry | undefined} */
    let first;
    for (const each of this.conversation.entries) {
      if (each.author === "help_seeker") first ??= each;
      if (each.author === "counsellor") first = undefined;
    }
    return this.now && first ? first.at + this.now.promise_seconds : null;
  }

  /** @returns {number | null} since when it is their turn and they have said nothing; epoch seconds */
  get silentSince() {
    const last = this.conversation.latest;
    return this.now && last?.author === "counsellor" && last.seq !== null ? this.now.heard_at : null;
  }
}
