// A supervisor's board: how the lines stand, what needs them, and the way to it.

import { post } from "./api.js";
import { announce, chime } from "./attention.js";
import { Acts, tried } from "./board-acts.js";
import { BoardFeed } from "./board-feed.js";
import { Needs } from "./board-needs.js";
import { BoardView } from "./board-view.js";
import { byId, tell } from "./dom.js";
import { preferences } from "./preferences.js";
import { say } from "./words.js";

/** @typedef {import("./board-feed.js").BoardShape} BoardShape */
/** @typedef {import("./desk.js").Desk} Desk */

const PAGE_TIME_SECONDS = 15; // so long the person's own page has to make a new key before this one does

export class Board {
  /** @type {BoardShape | null} */
  #shape = null;
  #clockOffset = 0;
  /** @type {Set<string>} calls and disclosures that were announced */
  #announced = new Set();
  /** @type {Set<string>} whose key is being made, or cannot be */
  #regranting = new Set();
  /** @type {Set<string>} */
  #stuck = new Set();

  /**
   * @param {Desk} desk
   * @param {() => void} toDesk
   */
  constructor(desk, toDesk) {
    this.desk = desk;
    this.toDesk = toDesk;
    this.area = byId("board", HTMLElement);
    this.acts = new Acts(desk.keyring);
    this.feed = new BoardFeed((shape) => this.#take(shape));
    this.view = new BoardView({
      read: (code) => void this.readAlong(code),
      manage: (code) => void this.#manage(code),
      most: (code, most) => void this.acts.setMost(code, most, this.view.whoIs(code)),
      changed: () => this.show(),
    });
    this.needs = new Needs({
      answer: (code) => void this.#answer(code),
      disclosure: (code) => void this.#disclosure(code),
    });
    setInterval(() => this.#tick(), 1000);
    this.feed.news();
  }

  get now() {
    return Date.now() / 1000 + this.#clockOffset;
  }

  /**
   * Be in a conversation beside its counsellor. Both of them are told by the server, before any word is given out.
   *
   * @param {string} code
   */
  async readAlong(code) {
    if (!(await tried(() => post(`/c/${code}/read-along`)))) return;
    const chat = this.view.nameOf(code);
    await this.desk.afterwards();
    this.toDesk();
    this.desk.attend(code);
    announce(say("board_told_read", { chat }));
  }

  /** @param {string} code one press: they know that somebody comes, and somebody is there */
  async #answer(code) {
    if (await tried(() => post(`/c/${code}/help/answer`))) await this.readAlong(code);
  }

  /** @param {string} disclosure */
  async #disclosure(disclosure) {
    const asked = this.#shape?.disclosures.find((each) => each.disclosure === disclosure);
    if (asked) await this.acts.disclosure(asked, this.view.whoIs(asked.by));
  }

  /** @param {string} code */
  async #manage(code) {
    const all = this.#shape ? [...this.#shape.waiting, ...this.#shape.open] : [];
    const conversation = all.find((each) => each.code === code);
    if (conversation) await this.acts.manage(conversation, this.view.nameOf(code));
  }

  /** @param {BoardShape} shape */
  #take(shape) {
    this.#shape = shape;
    this.#clockOffset = shape.now - Date.now() / 1000;
    this.show();
    this.#callOut(shape);
  }

  #tick() {
    if (!this.#shape) return;
    if (!this.area.hidden) this.show();
    this.#regrant(this.#shape);
  }

  /** As it stands now. */
  show() {
    if (!this.#shape) return;
    this.view.show(this.#shape, this.now);
    const count = this.needs.show(this.#shape, this.view, this.now, this.#stuck);
    tell(byId("board-badge", HTMLElement), count ? String(count) : "");
  }

  /** @param {BoardShape} shape what is new and waits for an answer is heard, wherever one is */
  #callOut({ calls, disclosures }) {
    const all = [
      ...calls.map(({ code, by, at }) => ({ id: `${code} ${at}`, word: "board_called_now", code, by })),
      ...disclosures.map(({ disclosure: id, code, by }) => ({ id, word: "board_disclosed_now", code, by })),
    ];
    for (const { id, word, code, by } of all.filter((each) => !this.#announced.has(each.id))) {
      announce(say(word, { name: this.view.whoIs(by), chat: this.view.nameOf(code) }));
      if (preferences.sound) void chime();
      this.#announced.add(id);
    }
  }

  /** @param {BoardShape} shape */
  #regrant({ waiting, open }) {
    const late = [
      ...waiting.filter((each) => this.now - each.waiting_since > PAGE_TIME_SECONDS),
      ...open.filter((each) => this.now - each.answered_at > PAGE_TIME_SECONDS),
    ];
    for (const { code } of late.filter((each) => !each.has_key && !this.#regranting.has(each.code))) {
      this.#regranting.add(code);
      void this.acts.regrant(code).then((isMade) => {
        if (!isMade) this.#stuck.add(code);
      });
    }
    for (const { code } of [...waiting, ...open].filter((each) => each.has_key)) {
      this.#regranting.delete(code);
      this.#stuck.delete(code);
    }
  }
}
