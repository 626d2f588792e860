// The box one writes in. Nothing leaves it but by Send, and nothing is lost from it when sending fails.

import { element, page, say, typed, word } from "./page.js";

const LITTLE_ROOM_BYTES = 1500;
const TYPING_AGAIN_MS = 3000; // how often "is writing" is said while it stays true
const TYPING_ENDS_MS = 5000;

const encoder = new TextEncoder();

export class Composer {
  /**
   * @param {(text: string) => Promise<void>} send resolves when the words are safe elsewhere
   * @param {(isOn: boolean) => void} typing
   * @param {AbortSignal} until the chat it writes in is let go
   */
  constructor(send, typing, until) {
    this.text = typed("text", HTMLTextAreaElement);
    this.send = send;
    this.typing = typing;
    this.isSending = false;
    /** @type {number | null} when "is writing" was last said; null once it was taken back */
    this.saidAt = null;
    this.timer = 0;
    this.text.addEventListener("input", () => this.#changed(), { signal: until });
    this.text.addEventListener("keydown", (event) => this.#key(event), { signal: until });
    /** @param {Event} event */
    const submit = (event) => {
      event.preventDefault();
      void this.#submit();
    };
    element("composer").addEventListener("submit", submit, { signal: until });
  }

  /** @returns {string} what was typed and not sent */
  get draft() {
    return this.text.value.trim();
  }

  #changed() {
    const room = page.max_bytes - encoder.encode(this.draft).length;
    say("text-limit", room < 0 ? word("too_long") : room < LITTLE_ROOM_BYTES ? word("room", { letters: room }) : "");
    this.text.setAttribute("aria-invalid", String(room < 0));
    this.#tell(this.draft !== "");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // On a phone the key makes a new line: a half-written message sent by a slip cannot be taken back.
    const hasKeyboard = matchMedia("(pointer: fine)").matches;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !hasKeyboard) return;
    event.preventDefault();
    void this.#submit();
  }

  async #submit() {
    const text = this.draft;
    if (this.isSending || encoder.encode(text).length > page.max_bytes) return;
    if (!text) return say("text-limit", word("empty"));
    this.isSending = true;
    try {
      await this.send(text);
      this.text.value = "";
      this.#changed();
    } finally {
      this.isSending = false;
      this.text.focus();
    }
  }

  /** @param {boolean} isOn */
  #tell(isOn) {
    clearTimeout(this.timer);
    const now = performance.now();
    const isNews = isOn ? this.saidAt === null || now - this.saidAt > TYPING_AGAIN_MS : this.saidAt !== null;
    if (isNews) {
      this.saidAt = isOn ? now : null;
      this.typing(isOn);
    }
    if (isOn) this.timer = setTimeout(() => this.#tell(false), TYPING_ENDS_MS);
  }
}
