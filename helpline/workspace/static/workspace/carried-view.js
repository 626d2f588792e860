// How somebody reads, how long they have been silent, and what they need: a language, an interpreter, a safe time.

import { post, Refused, untilAnswered } from "./api.js";
import { announce } from "./attention.js";
import { answer } from "./dialogs.js";
import { byId, find, tell } from "./dom.js";
import { inviteToChat } from "./inviting.js";
import { clock, day, languageName, lasting, oneOf, say } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const JUST_NOW_SECONDS = 60;
const SILENT_SECONDS = 1800; // half an hour without a word is nothing in a text, and worth knowing

export class CarriedView {
  /** How much of what was chosen is not kept yet: until then it stays as it was chosen. */
  #underWay = 0;
  /** @type {Promise<void>} one after another, so that what was chosen last is kept last */
  #keeping = Promise.resolve();

  /**
   * @param {HTMLElement} pane
   * @param {Conversation} conversation
   * @param {() => number} now epoch seconds, by the server's clock
   */
  constructor(pane, conversation, now) {
    this.conversation = conversation;
    this.now = now;
    this.line = find(pane, ".way-line", HTMLElement);
    this.needs = find(pane, ".needs", HTMLElement);
    this.language = find(pane, '[data-need="language"]', HTMLSelectElement);
    this.interpreter = find(pane, '[data-need="interpreter"]', HTMLInputElement);
    this.window = find(pane, '[data-need="window"]', HTMLSelectElement);
    this.invite = find(pane, '[data-need="web"]', HTMLButtonElement);
    this.error = find(this.needs, ".error", HTMLElement);
    for (const box of [this.language, this.interpreter]) box.addEventListener("change", () => void this.#keepLanguage());
    this.window.addEventListener("change", () => void this.#keepWindow());
    this.invite.addEventListener("click", () => void this.#invite());
  }

  show() {
    const { conversation } = this;
    const { summary, carried, isOpen } = conversation;
    this.needs.hidden = !isOpen || !conversation.company.isOwn;
    for (const each of this.needs.querySelectorAll("[data-carried]")) /** @type {HTMLElement} */ (each).hidden = !carried.now;
    if (!this.#underWay) {
      this.language.value = summary.language;
      this.interpreter.checked = Boolean(summary.needs_interpreter);
      if (carried.now) this.window.value = carried.now.window;
    }
    this.invite.disabled = conversation.status !== "ready";
    tell(this.line, isOpen ? this.#sentence() : "");
  }

  /** The way, what is promised, and a silence, in one line. */
  #sentence() {
    const { carried, summary } = this.conversation;
    if (!carried.by) return summary.came_by === "webchat" || !summary.came_by ? "" : say("now_on_page");
    const { promisedBy, silentSince } = carried;
    const parts = [say(`by_${carried.by}`)];
    if (promisedBy !== null && carried.by === "email") {
      const isOver = promisedBy < this.now();
      parts.push(say(isOver ? "promise_over" : "promised", { time: moment(promisedBy, this.now()) }));
    }
    if (silentSince !== null) {
      const seconds = this.now() - silentSince;
      const heard = seconds < JUST_NOW_SECONDS ? "just_now" : "last_word";
      parts.push(say(seconds < SILENT_SECONDS ? heard : `silent_${carried.by}`, { time: lasting(seconds) }));
    }
    return parts.join(" · ");
  }

  async #keepLanguage() {
    const body = { language: this.language.value, needs_interpreter: this.interpreter.checked };
    await this.#keep("language", body, say("language_kept", { language: languageName(body.language) }));
  }

  async #keepWindow() {
    const window = this.window.value;
    await this.#keep("window", { window }, say("window_kept", { window: oneOf("windows", window) }));
  }

  /**
   * @param {string} what
   * @param {object} body
   * @param {string} done
   */
  #keep(what, body, done) {
    this.#underWay += 1;
    const keeping = this.#keeping.catch(() => {}).then(() => this.#keepNow(what, body, done));
    this.#keeping = keeping.finally(() => (this.#underWay -= 1));
    return this.#keeping;
  }

  /**
   * @param {string} what
   * @param {object} body
   * @param {string} done
   */
  async #keepNow(what, body, done) {
    tell(this.error, "");
    try {
      await untilAnswered(() => post(`/c/${this.conversation.code}/${what}`, body));
      if (what === "language") Object.assign(this.conversation.summary, body); // until the desk is read again
      announce(done);
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      tell(this.error, say(refusal.word === "moved" ? "now_on_page" : "failed"));
    }
    await this.conversation.carried.read();
  }

  /** Asked first: the words pass by their phone or mailbox. */
  async #invite() {
    tell(this.error, "");
    if ((await answer(byId("invite-dialog", HTMLDialogElement))) !== "yes") return;
    this.invite.disabled = true;
    try {
      await inviteToChat(this.conversation);
      announce(say("code_sent"));
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      tell(this.error, say(refusal.word === "moved" ? "now_on_page" : "failed"));
    } finally {
      this.invite.disabled = false;
    }
  }
}

/**
 * @param {number} at epoch seconds
 * @param {number} now
 */
function moment(at, now) {
  return day(at) === day(now) ? clock(at) : `${clock(at)}, ${day(at)}`;
}
