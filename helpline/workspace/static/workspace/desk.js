// The desk: whom one is with, who waits, and what to do about it. Everything shown follows from what the server says.

import { EMPTY_DESK, get, post, Refused } from "./api.js";
import { announce, chime, showUnread } from "./attention.js";
import { Conversation } from "./conversation.js";
import { hasDraftDisclosure } from "./disclosure.js";
import { askToEnd } from "./endings.js";
import { byId, tell } from "./dom.js";
import { listen } from "./feed.js";
import { hasDraftNote } from "./handover.js";
import { Lists } from "./lists.js";
import { nameOf } from "./names.js";
import { OfferCard } from "./offer.js";
import { Pane } from "./pane.js";
import { Panes } from "./panes.js";
import { preferences } from "./preferences.js";
import { Presence } from "./presence.js";
import { Reach, soon } from "./reach.js";
import { Reading } from "./reading.js";
import { Requests } from "./requests.js";
import { Wellbeing } from "./wellbeing.js";
import { say, urgencyName } from "./words.js";

/** @typedef {import("./api.js").DeskShape} DeskShape */
/** @typedef {import("./api.js").SealedWords} SealedWords */
/** @typedef {import("./api.js").Summary} Summary */
/** @typedef {import("./keyring.js").Keyring} Keyring */
/** @typedef {import("./pane.js").Wish} Wish */

const RECHECK_MS = 1000; // a live process that keeps saying no is not asked more often than this

export class Desk {
  /** @type {Map<string, Conversation>} */
  held = new Map();
  /** @type {DeskShape} */
  shape = EMPTY_DESK;

  #reach = new Reach();
  #taking = "";
  #clockOffset = 0;
  #reading = new Reading(
    () => this.#reach.ask(() => get("/desk.json")),
    (shape) => this.#take(shape),
  );
  #hasStarted = false;
  /** @type {ReturnType<typeof listen> | null} */
  #feed = null;
  /** A supervisor's board hears it, too. What is offered here comes by itself, at once. */
  onQueue = soon(() => void this.refresh());

  /** @param {Keyring} keyring */
  constructor(keyring) {
    this.keyring = keyring;
    this.panes = new Panes(() => this.showLists());
    this.requests = new Requests((code) => {
      this.release(code);
      void this.afterwards();
    });
    this.presence = new Presence(() => this.afterwards());
    this.wellbeing = new Wellbeing(this.presence, () => this.afterwards());
    this.offers = new OfferCard({ accept: (code) => this.take(code), changed: () => void this.afterwards() });
    this.lists = new Lists({
      open: (code) => this.attend(code),
      read: (code) => void this.read(code),
      queue: () => this.toQueue(),
    });
    setInterval(() => this.showLists(), 1000);
    addEventListener("focus", () => this.#markRead());
    addEventListener("beforeunload", (event) => {
      if (this.hasUnsaved) event.preventDefault();
    });
  }

  get hasUnsaved() {
    return hasDraftNote() || hasDraftDisclosure(this.held) || [...this.panes.all.values()].some((pane) => pane.hasUnsaved);
  }

  get open() {
    return [...this.held.values()].filter((each) => each.isOpen);
  }

  get now() {
    return Date.now() / 1000 + this.#clockOffset;
  }

  /** Read everything, and then listen. */
  async start() {
    await this.refresh();
    void this.keyring.prepare();
    await Promise.all([...this.held.values()].map((each) => each.load()));
    this.#hasStarted = true;
    this.#feed = listen(
      {
        find: (code) => this.held.get(code),
        refresh: () => void this.refresh(),
        onNews: (code) => this.#tellNews(code),
        onQueue: () => this.onQueue(),
        onReach: (isUp) => this.#reach.show("live", isUp),
        onEnded: () => void this.#checkSession(),
      },
      [...this.held.values()],
    );
  }

  /** After signing in again as the same person. */
  goOn() {
    this.#feed?.retry();
    for (const each of this.held.values()) each.outgoing.retry();
  }

  /** Read how things stand. */
  refresh() {
    return this.#reading.again();
  }

  /** The same when the server has been told of something that was done here. */
  afterwards() {
    return this.#reading.afterwards();
  }

  /**
   * Take up somebody who is offered here: theirs is the first grant to go, then they hear who has joined.
   *
   * @param {string} code
   */
  async take(code) {
    if (this.#taking) return;
    this.#taking = code;
    this.showLists();
    try {
      /** @type {SealedWords} */
      const words = await this.#reach.ask(() => post(`/c/${code}/accept`));
      const conversation = this.hold(words);
      void conversation.load(words);
      this.attend(code);
      announce(say("now_yours", { chat: this.nameOf(conversation.summary) }));
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      tell(byId("offer-note", HTMLElement), say(refusal.word === "full" ? "full" : "taken"));
    } finally {
      this.#taking = "";
      void this.afterwards();
    }
  }

  takeNext() {
    if (!this.offers.accept() && this.#hasStarted) announce(say(this.shape.waiting.length ? "no_offer" : "nobody_waits"));
  }

  /** Go to the next conversation with something unread, or else to one that has ended and is not recorded. */
  attendNew() {
    const all = [...this.held.values()];
    const next = all.find((each) => each.unread) ?? all.find((each) => !each.isOpen);
    if (next) this.attend(next.code);
  }

  /**
   * Put a conversation on the desk.
   *
   * @param {Summary} summary
   */
  hold(summary) {
    const known = this.held.get(summary.code);
    if (known) return known;
    const conversation = new Conversation(this.keyring, summary, (each, change) => this.#changed(each, change));
    const pane = new Pane(conversation, {
      wish: (wish) => void this.do(wish, conversation),
      now: () => this.now,
      recorded: () => this.#recorded(conversation),
      arrange: () => this.panes.arrange(),
      endMoment: (who) => void this.requests.endMoment(conversation, who),
      triage: (urgency) => void this.#triage(conversation, urgency),
      active: () => this.attend(conversation.code, { focus: false }),
    });
    this.held.set(summary.code, conversation);
    this.panes.add(summary.code, pane);
    this.#show(conversation);
    return conversation;
  }

  /**
   * @param {string} code
   * @param {{ focus?: boolean }} [how]
   */
  attend(code, { focus = true } = {}) {
    if (!this.held.has(code)) return;
    this.panes.activate(code);
    if (focus) this.panes.activePane?.focus();
    this.#markRead();
  }

  toQueue() {
    byId("desk", HTMLElement).dataset["view"] = "queue";
    this.showLists();
  }

  /**
   * One of the last 24 hours, to read.
   *
   * @param {string} code
   */
  async read(code) {
    const summary = this.shape.own.find((each) => each.code === code);
    if (!summary) return;
    const isHeld = this.held.has(code);
    const conversation = this.hold(summary);
    this.attend(code);
    if (!isHeld) await conversation.load();
  }

  /**
   * @param {Wish} wish
   * @param {Conversation} conversation
   */
  async do(wish, conversation) {
    if (wish === "dismiss") return this.release(conversation.code);
    if (!conversation.isOpen || (wish !== "leave" && wish !== "join" && !conversation.company.isOwn)) return undefined;
    if (wish !== "close" && wish !== "hard") {
      await this.requests.do(wish, conversation);
      if (wish === "join") this.attend(conversation.code);
      return undefined;
    }
    const pane = this.panes.all.get(conversation.code);
    const hasEnded = pane && (await askToEnd(wish, pane, this.#reach));
    if (hasEnded === undefined) return undefined;
    await this.afterwards();
    if (hasEnded) this.attend(conversation.code);
  }

  /**
   * Take a conversation off the desk, and go to the next.
   *
   * @param {string} code
   */
  release(code) {
    const wasActive = this.panes.active === code;
    this.held.delete(code);
    this.panes.remove(code);
    if (!wasActive) return;
    if (this.panes.active) this.attend(this.panes.active);
    else byId("queue", HTMLElement).focus();
  }

  /**
   * What a conversation is called here.
   *
   * @param {Summary} summary
   */
  nameOf(summary) {
    return nameOf(summary, [...this.shape.own, ...[...this.held.values()].map((each) => each.summary)]);
  }

  showLists() {
    const shown = [...this.panes.all].filter(([, pane]) => !pane.element.hidden).map(([code]) => code);
    const yours = [...this.held.values()].filter(({ summary }) => summary.state !== "closed" || !summary.is_recorded);
    this.lists.showYours(yours, {
      name: (each) => this.nameOf(each.summary),
      active: this.panes.active,
      shown: new Set(shown),
      now: this.now,
      isQueue: !this.panes.region.checkVisibility(),
    });
    this.lists.showWaiting(this.shape.waiting, this.now, this.shape.offer?.code ?? "");
    this.offers.tick(this.now);
    this.lists.showRecent(
      this.shape.own.filter((each) => each.state === "closed" && each.is_recorded).reverse(),
      { active: this.panes.active, name: (each) => this.nameOf(each) },
    );
    showUnread([...this.held.values()].reduce((sum, each) => sum + each.unread, 0));
  }

  /** @param {DeskShape} shape */
  #take(shape) {
    this.shape = shape;
    this.#clockOffset = shape.now - Date.now() / 1000;
    this.presence.show(shape);
    this.wellbeing.show(shape);
    const all = [...shape.companions, ...shape.own];
    const own = new Map(all.map((each) => [each.code, each]));
    for (const conversation of this.held.values()) this.#update(conversation, own.get(conversation.code));
    for (const summary of all) this.#ensure(summary);
    this.offers.show(shape, this.now);
    this.showLists();
  }

  /** @param {Summary} summary */
  #ensure(summary) {
    const { code } = summary;
    const isOver = summary.state === "closed" && summary.is_recorded;
    if (isOver || this.held.has(code) || this.#taking === code) return;
    const conversation = this.hold(summary);
    if (!this.#hasStarted) return;
    void conversation.load();
    if (summary.kind && summary.kind !== "three_way") return; // a supervisor came of their own accord
    const chat = this.nameOf(conversation.summary);
    announce(say(summary.kind === "three_way" ? "asked_in" : "now_yours", { chat }));
    if (preferences.sound) void chime();
  }

  /**
   * @param {Conversation} conversation
   * @param {Summary | undefined} summary as the server has it now; nothing when it is no longer ours
   */
  #update(conversation, summary) {
    if (conversation.status === "gone") return;
    if (summary) {
      const isOtherwise = conversation.summary.kind !== summary.kind;
      conversation.summary = summary;
      if (isOtherwise) void conversation.load(); // asked in, and now the counsellor
      this.#show(conversation);
    } else if (conversation.summary.kind) {
      this.release(conversation.code);
    } else {
      conversation.leave();
    }
  }

  /** @param {string} [code] of one conversation; else of any */
  #tellNews(code) {
    for (const each of this.held.values()) if (!code || each.code === code) void each.news();
  }

  /** Another tab may have signed in anew, and then the live process needs only to be asked again. */
  async #checkSession() {
    await new Promise((resolve) => setTimeout(resolve, RECHECK_MS));
    try {
      await this.#reach.ask(() => get("/desk.json"));
      this.#feed?.retry();
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal; // signed out: the door has been told
    }
  }

  /**
   * @param {Conversation} conversation
   * @param {number} urgency
   */
  async #triage({ code }, urgency) {
    try {
      await this.#reach.ask(() => post(`/c/${code}/retriage`, { urgency }));
      announce(say("triaged", { urgency: urgencyName(urgency) }));
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal; // no longer ours: reading the desk again says so
    } finally {
      void this.afterwards();
    }
  }

  /** @param {Conversation} conversation */
  #recorded(conversation) {
    announce(say("recorded"));
    this.release(conversation.code);
    void this.afterwards();
  }

  /**
   * @param {Conversation} conversation
   * @param {import("./conversation.js").Change} change
   */
  #changed(conversation, change) {
    const pane = this.panes.all.get(conversation.code);
    if (!pane) return;
    if (change === "refused") pane.composer.takeBack();
    if (change === "typing") pane.showTyping();
    else this.#show(conversation);
    if (change === "words") this.#noticeNew(conversation);
    if (change === "company") void this.requests.changed(conversation);
    this.showLists();
  }

  /** @type {WeakMap<Conversation, number>} up to where it has been noticed */
  #noticed = new WeakMap();

  /** @param {Conversation} conversation */
  #noticeNew(conversation) {
    const before = this.#noticed.get(conversation);
    this.#noticed.set(conversation, conversation.lastSeq);
    this.#markRead();
    if (before === undefined || conversation.lastSeq <= before || !conversation.unread) return;
    announce(say("new_in", { chat: this.nameOf(conversation.summary) }));
    if (preferences.sound) void chime();
  }

  /** @param {Conversation} conversation */
  #show(conversation) {
    this.panes.all.get(conversation.code)?.show(this.nameOf(conversation.summary));
  }

  #markRead() {
    if (document.hasFocus() && this.panes.region.checkVisibility()) this.held.get(this.panes.active)?.markRead();
  }
}
