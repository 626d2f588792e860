// The open chat: what was said, what is being said, and where one stands.

import { askToKeep, hideCode } from "./code.js";
import { Composer } from "./composer.js";
import { ask } from "./confirm.js";
import { askToErase, showEnded } from "./ended.js";
import { lineGrants } from "./keys.js";
import { Log } from "./log.js";
import { element, isShown, onPress, say, show, typed, word } from "./page.js";
import { Away, post, postUntilAnswered, Refused } from "./post.js";
import { nameOf, showStanding, whoWrites } from "./standing.js";
import { forget, keepUntilSent, outbox, wasSent } from "./tab.js";
import { Wire } from "./wire.js";

/** @typedef {import("./keys.js").Keys} Keys */
/** @typedef {import("./keys.js").Said} Said */
/** @typedef {import("./post.js").Standing} Standing */
/** @typedef {import("./tab.js").Sealed} Sealed */

const WAITING_MS = 15000; // how often the place in the queue is asked for: it moves without an event
const TYPING_FADES_MS = 6000; // "is writing" that was never taken back

export class Talk {
  /**
   * @param {Keys} keys
   * @param {Standing} standing
   */
  constructor(keys, standing) {
    this.keys = keys;
    this.standing = standing;
    this.wasAnswered = standing.state === "open";
    this.isOver = false;
    this.isAway = false; // left the line for a moment, on purpose, in this very page
    this.isRegranting = false;
    this.closing = new AbortController();
    this.log = new Log();
    /** @type {import("./handover.js").Asking | null} */
    this.asking = null;
    /** @type {import("./referral.js").Referrals | null} */
    this.referrals = null;
    this.typingTimer = 0;
    this.waitingTimer = 0;
    this.wire = new Wire(keys.proof, this);
    this.composer = new Composer(
      (text) => this.#send(text),
      (isOn) => this.wire.typing(isOn),
      this.closing.signal,
    );
  }

  async open() {
    show("talk");
    this.#stand(this.standing);
    await this.#restore();
    this.wire.open();
    const until = this.closing.signal;
    for (const news of ["standing", "turned"]) addEventListener(news, () => this.#tellAgain(), { signal: until });
    fromMenu("end", () => this.#askToEnd(), until);
    fromMenu("keep", () => this.offerCode(), until);
    fromMenu("erase", () => askToErase(this.keys, () => this.#letGo()), until);
    onPress("code-done", () => this.#codeDone(), until);
    onPress("pause", () => this.#pause(), until);
    onPress("resume", () => this.#resume(), until);
    for (const opener of ["nobody-code", "left-code"]) onPress(opener, () => this.offerCode(), until);
  }

  /** Where one stands, and what services may know, once more: in another language, or after reading. */
  #tellAgain() {
    showStanding(this.standing);
    void this.referrals?.tellAgain();
  }

  /** Six words to come back with: without them nobody can, once this page is closed. */
  offerCode() {
    askToKeep(this.keys, () => this.onState());
  }

  // What the wire brings.

  /** @param {import("./keys.js").KeyTold} told */
  onKey(told) {
    this.keys.learn(told);
  }

  /** @param {Said} said */
  async onMessage(said) {
    const text = await this.keys.open(said).catch(() => word("cannot_open"));
    this.log.add({ clientId: said.client_id, author: said.author, who: this.#who(said), text }, said.seq, said.at);
    wasSent(said.client_id);
    if (said.author === "counsellor") this.onTyping("counsellor", false);
    if (said.author !== "help_seeker") this.wire.received(said.seq);
  }

  /**
   * @param {string} author
   * @param {boolean} isOn
   */
  onTyping(author, isOn) {
    if (author !== "counsellor") return;
    clearTimeout(this.typingTimer);
    say("typing", isOn ? word("is_writing", { name: whoWrites(this.standing) }) : "");
    if (isOn) this.typingTimer = setTimeout(() => say("typing", ""), TYPING_FADES_MS);
  }

  /**
   * @param {string} author
   * @param {number} seq
   */
  onReceipt(author, seq) {
    if (author === "counsellor") this.log.receivedUpTo(seq);
  }

  /** @param {boolean} isConnected */
  onConnected(isConnected) {
    if (this.isOver) return;
    if (isConnected && element("connection").textContent) say("connection", word("back"));
    if (!isConnected) say("connection", word("reconnecting"));
    if (isConnected) void this.onState();
  }

  /** @param {string} clientId */
  onSent(clientId) {
    wasSent(clientId);
    this.log.settle(clientId);
  }

  /** @param {string} clientId */
  onTrying(clientId) {
    this.log.mark(clientId, "waiting_to_send");
  }

  /** @param {string} clientId */
  onNotSent(clientId) {
    this.log.mark(clientId, "not_sent");
    void this.onState();
  }

  async onState() {
    try {
      this.#stand(await post("state", this.keys.proof));
    } catch (error) {
      if (error instanceof Refused && error.word === "unknown") this.#gone();
      else if (!(error instanceof Away)) throw error;
    }
  }

  /** @param {Standing} standing */
  #stand(standing) {
    if (this.isOver) return;
    const hasChanged = standing.state !== this.standing.state;
    this.standing = standing;
    this.wasAnswered ||= standing.state === "open";
    clearTimeout(this.waitingTimer);
    if (standing.state === "closed") return this.#end();
    if (standing.is_left && !this.isAway) void this.#resume(); // whoever looks at the page again is back
    else showStanding(standing);
    if (standing.handover || this.asking) void this.#ask();
    if (standing.referrals) void this.#showReferrals();
    if (standing.needs_key) void this.#regrant(standing);
    if (standing.state === "waiting") this.waitingTimer = setTimeout(() => this.onState(), WAITING_MS);
    else if (hasChanged) this.onTyping("counsellor", false);
  }

  async #ask() {
    const { Asking } = await import("./handover.js"); // few are handed over
    this.asking ??= new Asking(this.keys, () => this.onState(), this.closing.signal);
    await this.asking.show(this.standing.handover);
  }

  async #showReferrals() {
    const { Referrals } = await import("./referral.js"); // few are handed on to a service
    this.referrals ??= new Referrals(this.keys);
    await this.referrals.show(this.standing.referrals);
  }

  // What the person does.

  /** @param {string} text */
  async #send(text) {
    const sealed = await this.keys.seal(text);
    keepUntilSent(sealed);
    this.log.addOwn(sealed.client_id, text);
    this.wire.send(sealed);
  }

  /** Messages that were on their way when the page was loaded again. */
  async #restore() {
    for (const sealed of outbox()) {
      this.keys.learn({ key_id: sealed.key_id, author: "help_seeker", by: null, sealed: sealed.key });
      const text = await this.keys.open({ ...sealed, author: "help_seeker" }).catch(() => null);
      if (text === null) {
        wasSent(sealed.client_id); // of another chat in this tab
        continue;
      }
      this.log.addOwn(sealed.client_id, text);
      this.wire.send(sealed);
    }
  }

  #askToEnd() {
    ask({ title: word("end_title"), text: word("end_text"), yes: word("end_yes") }, async () => {
      try {
        await postUntilAnswered("leave", { ...this.keys.proof, is_exit: false }, tellTrying);
      } catch (error) {
        if (!(error instanceof Refused)) throw error; // ended or erased meanwhile: the state says which
      }
      await this.onState();
    });
  }

  #codeDone() {
    hideCode();
    element("text").focus();
  }

  /** Out of the line for a moment; the place is kept. */
  async #pause() {
    this.isAway = true;
    await this.#standAfter("pause");
    if (!this.standing.is_left) return say("connection", word("left_too_late"));
    element("left-title").focus();
  }

  async #resume() {
    const wasAway = this.isAway;
    this.isAway = false;
    await this.#standAfter("resume");
    if (wasAway) element("text").focus();
  }

  /** @param {"pause" | "resume"} name */
  async #standAfter(name) {
    try {
      this.#stand(await postUntilAnswered(name, this.keys.proof));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await this.onState(); // it ended meanwhile
    }
  }

  /**
   * Nobody who could answer now can open this chat: seal its key to them.
   *
   * @param {Standing} standing
   */
  async #regrant({ keys }) {
    if (!keys || this.isRegranting) return;
    this.isRegranting = true;
    try {
      const { queue, supervisor } = await lineGrants(this.keys, keys);
      await post("regrant", { ...this.keys.proof, grant: queue, supervisor_grant: supervisor });
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Away)) throw error; // the next standing asks again
    } finally {
      this.isRegranting = false;
    }
  }

  /** @param {Said} said each with its own author's name, also after a hand-over */
  #who({ author, key_id }) {
    if (author === "help_seeker" || author === "system") return word(author === "system" ? author : "you");
    return this.keys.names.get(key_id) ?? nameOf(this.standing);
  }

  #end() {
    const unsent = [...this.log.notSent(), this.composer.draft].filter(Boolean);
    this.#letGo();
    const { keys, standing, wasAnswered, referrals } = this;
    showEnded({ keys, standing, wasAnswered, unsent, referrals });
  }

  #gone() {
    if (this.isOver || isShown("erased")) return;
    this.#letGo();
    forget();
    element("log").replaceChildren();
    show("gone");
  }

  #letGo() {
    this.isOver = true;
    clearTimeout(this.waitingTimer);
    this.closing.abort();
    hideCode();
    this.wire.close();
  }
}

/**
 * @param {string} id
 * @param {() => void} act
 * @param {AbortSignal} until
 */
function fromMenu(id, act, until) {
  const pressed = () => {
    const menu = typed("more", HTMLDetailsElement);
    menu.open = false;
    menu.querySelector("summary")?.focus(); // where to come back to when the answer is no
    act();
  };
  onPress(id, pressed, until);
}

/** @param {boolean} isTrying */
function tellTrying(isTrying) {
  say("confirm-state", isTrying ? word("trying") : "");
}
