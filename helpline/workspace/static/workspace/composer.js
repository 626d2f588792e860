// Where a reply is written. What is typed stays here until it is on its way, whatever happens meanwhile.

import { MAX_TEXT_BYTES, TextTooLong } from "../vault/sealing.js";
import { pickAnswer } from "./answers.js";
import { find, tell } from "./dom.js";
import { countParts } from "./parts.js";
import { preferences } from "./preferences.js";
import { say } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const IDLE_MS = 5000; // not typing any more
const MAX_ROWS = 8;
/** Why a text was not taken, and how that is said. */
const REFUSALS = new Map([
  ["closed", "not_sent"],
  ["never", "never"],
  ["moved", "moved"],
]);

export class Composer {
  #isTyping = false;
  #idle = 0;

  /**
   * @param {HTMLFormElement} form
   * @param {Conversation} conversation
   */
  constructor(form, conversation) {
    this.form = form;
    this.conversation = conversation;
    this.box = find(form, "textarea", HTMLTextAreaElement);
    this.error = find(form, ".error", HTMLElement);
    this.box.id = `reply-${conversation.code}`;
    this.parts = find(form, ".parts", HTMLElement);
    this.parts.id = `parts-${conversation.code}`;
    this.box.setAttribute("aria-describedby", this.parts.id);
    find(form, ".answers", HTMLButtonElement).addEventListener("click", () => void this.pickAnswer());
    find(form, "label", HTMLLabelElement).htmlFor = this.box.id;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.box.addEventListener("input", () => this.#changed());
    this.box.addEventListener("keydown", (event) => this.#onKey(event));
    this.showHint();
  }

  get hasDraft() {
    return this.box.value.trim() !== "";
  }

  showHint() {
    tell(find(this.form, ".hint", HTMLElement), say(preferences.enterSends ? "enter_sends" : "ctrl_sends"));
  }

  /** A ready answer comes into the box, to be changed or sent. */
  async pickAnswer() {
    if (this.form.hidden || this.box.readOnly) return;
    const text = await pickAnswer(this.conversation.code);
    if (text) this.suggest(text);
    else this.box.focus();
  }

  /** How many texts it would take, before it is sent. */
  showParts() {
    const isText = this.conversation.carried.by === "sms" && this.hasDraft;
    if (!isText) return tell(this.parts, "");
    const { parts, left, wide } = countParts(this.box.value.trim());
    const counted = say(parts === 1 ? "one_text" : "texts", { count: parts, left });
    return tell(this.parts, wide ? `${counted} · ${say("wide", { wide })}` : counted);
  }

  /** @param {string} text to be changed or sent; it comes after what is written already */
  suggest(text) {
    this.box.value = [this.box.value.trim(), text].filter(Boolean).join("\n");
    this.#changed();
    this.box.focus();
  }

  /** A text that was not taken goes back where it was written, before what has been written since. */
  takeBack() {
    const { conversation } = this;
    if (!conversation.refusedText) return;
    this.box.value = [conversation.refusedText, this.box.value].filter(Boolean).join("\n");
    tell(this.error, say(REFUSALS.get(conversation.refusedWord) ?? "failed"));
    conversation.refusedText = "";
    this.#grow();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Enter" || event.isComposing || event.altKey) return;
    const isAsked = event.ctrlKey || event.metaKey || (preferences.enterSends && !event.shiftKey);
    if (!isAsked) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.box.value.trim();
    if (!text || !this.conversation.isOpen || this.conversation.status !== "ready") return;
    try {
      this.conversation.send(text);
    } catch (error) {
      if (!(error instanceof TextTooLong)) throw error;
      const count = new TextEncoder().encode(text).length - MAX_TEXT_BYTES;
      tell(this.error, say("too_long", { count }));
      return;
    }
    this.box.value = "";
    tell(this.error, "");
    this.#grow();
    this.showParts();
    this.#typing(false);
  }

  #changed() {
    this.#grow();
    this.showParts();
    this.#typing(this.hasDraft);
  }

  /** @param {boolean} isOn */
  #typing(isOn) {
    clearTimeout(this.#idle);
    if (isOn) this.#idle = setTimeout(() => this.#typing(false), IDLE_MS);
    if (isOn === this.#isTyping || !this.conversation.isOpen) return;
    this.#isTyping = isOn;
    this.conversation.sayTyping(isOn);
  }

  #grow() {
    this.box.rows = 2;
    while (this.box.scrollHeight > this.box.clientHeight && this.box.rows < MAX_ROWS) this.box.rows += 1;
  }
}
