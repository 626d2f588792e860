// Telling a person about services, in the way that is safe for them. The text is composed here, and sealed like all others.

import { newCode } from "../vault/codes.js";
import { MAX_TEXT_BYTES, TextTooLong } from "../vault/sealing.js";
import { Away, post, Refused } from "./api.js";
import { find, tell } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./finding.js").Finding} Finding */
/** @typedef {import("./finding.js").Service} Service */
/** @typedef {{ words: string, address: string, until: string }} Kept */

export class Telling {
  /** Whether the counsellor has written in the text. */
  #isOwnText = false;
  /** @type {Map<string, string>} for each service, the name of this telling: asked again it is the same */
  #codes = new Map();
  /** @type {Kept | null} made already, when sending failed afterwards */
  #kept = null;

  /**
   * @param {HTMLFormElement} form
   * @param {Finding} finding
   */
  constructor(form, finding) {
    this.form = form;
    this.finding = finding;
    this.text = find(form, "textarea", HTMLTextAreaElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    form.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.name === "seen") this.#suggestWay(event.target.value);
      if (event.target !== this.text) this.#compose();
    });
    this.text.addEventListener("input", () => (this.#isOwnText = true));
  }

  get hasDraft() {
    return this.#isOwnText && this.text.value.trim() !== "";
  }

  begin() {
    this.form.reset();
    this.#isOwnText = false;
    this.#kept = null;
    this.#codes = new Map([...this.finding.chosen.keys()].map((id) => [id, newCode()]));
    this.#compose();
    find(this.form, "[data-finding]", HTMLElement).focus();
  }

  get #isWords() {
    return new FormData(this.form).get("way") === "words";
  }

  /**
   * Nothing with a name in it stays on a screen that somebody else may look at, unless the person wants it so.
   *
   * @param {string} seen
   */
  #suggestWay(seen) {
    const way = seen === "nobody" ? "chat" : "words";
    find(this.form, `[name="way"][value="${way}"]`, HTMLInputElement).checked = true;
    find(this.form, '[name="nameless"]', HTMLInputElement).checked = seen !== "nobody";
  }

  #compose() {
    this.form.classList.toggle("by-words", this.#isWords);
    if (this.#isOwnText) return;
    const isNameless = find(this.form, '[name="nameless"]', HTMLInputElement).checked;
    this.text.value = this.#isWords ? this.#wordsText(this.#kept) : chatText([...this.finding.chosen.values()], isNameless);
  }

  /** @param {Kept | null} kept */
  #wordsText(kept) {
    return say("tell_words", {
      words: kept?.words ?? say("tell_words_come"),
      address: kept?.address ?? say("tell_address_come"),
      until: kept?.until ?? say("tell_until_come"),
    });
  }

  async #send() {
    const { conversation, answer } = this.finding;
    const error = find(this.finding.element, ".error", HTMLElement);
    const button = find(this.form, "div > .button", HTMLButtonElement);
    tell(error, "");
    button.disabled = true;
    try {
      const text = this.text.value.trim();
      if (new TextEncoder().encode(text).length > MAX_TEXT_BYTES) throw new TextTooLong();
      const services = [...this.#codes].map(([service, code]) => ({ code, service }));
      const days = this.#isWords ? new FormData(this.form).get("days") : null;
      const noted = { services, need: answer?.need ?? "", area: answer?.area ?? "", days };
      const kept = this.#kept ?? (await post(`/c/${conversation.code}/tell`, noted));
      this.#kept = this.#isWords ? kept : null;
      conversation.send(this.#isWords ? this.#withWords(text, kept) : text);
      this.finding.done();
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof Away || fault instanceof TextTooLong)) throw fault;
      tell(error, fault instanceof TextTooLong ? say("too_long", { count: this.#excess() }) : say("find_failed"));
    } finally {
      button.disabled = false;
    }
  }

  /**
   * The counsellor may have changed the text around what was still to come.
   *
   * @param {string} text
   * @param {Kept} kept
   */
  #withWords(text, kept) {
    const filled = text
      .replace(say("tell_words_come"), kept.words)
      .replace(say("tell_until_come"), kept.until)
      .replace(say("tell_address_come"), kept.address);
    return filled.includes(kept.words) ? filled : `${filled}\n${this.#wordsText(kept)}`;
  }

  #excess() {
    return new TextEncoder().encode(this.text.value.trim()).length - MAX_TEXT_BYTES;
  }
}

/**
 * @param {Service[]} services
 * @param {boolean} isNameless a number tells less than a name
 */
function chatText(services, isNameless) {
  return [say("tell_lead"), ...services.map((each) => linesOf(each, isNameless).join("\n"))].join("\n\n");
}

/**
 * @param {Service} service
 * @param {boolean} isNameless
 */
function linesOf(service, isNameless) {
  const phones = service.phones.map(({ number }) => say("tell_phone", { number }));
  const reach = isNameless ? phones : [service.name, ...phones, ...(phones.length ? [] : [service.email])];
  const more = isNameless ? [service.open] : [service.open, service.where, service.cost, service.url];
  return [...reach, ...more].filter(Boolean);
}
