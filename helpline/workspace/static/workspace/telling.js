// Telling a person about services, in the way that is safe for them. The text is composed here, and sealed like all others.

import { newCode } from "../vault/codes.js";
import { MAX_TEXT_BYTES, TextTooLong } from "../vault/sealing.js";
import { Away, post, Refused } from "./api.js";
import { find, tell } from "./dom.js";
import { numberFrom, TextOnce, wayToText } from "./texting-once.js";
import { say } from "./words.js";

/** @typedef {import("./finding.js").Finding} Finding */
/** @typedef {import("./finding.js").Service} Service */
/** @typedef {import("./texting-once.js").Way} Way */
/** @typedef {{ words: string, address: string, until: string }} Kept */

export class Telling {
  /** Whether the counsellor has written in the text. */
  #isOwnText = false;
  /** @type {Map<string, string>} for each service, the name of this telling: asked again it is the same */
  #codes = new Map();
  /** @type {Kept | null} made already, when sending failed afterwards */
  #kept = null;
  /** How this person is reached, and whether a text could be sent. @type {Way | null} */
  #reached = null;
  #once = new TextOnce();

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
    this.#once = new TextOnce();
    this.#codes = new Map([...this.finding.chosen.keys()].map((id) => [id, newCode()]));
    this.#compose();
    find(this.form, "[data-finding]", HTMLElement).focus();
    if (!this.#reached) void this.#lookHow();
  }

  /** In a chat a text may be asked for; whoever texts or mails is told where they are. */
  async #lookHow() {
    try {
      this.#reached = await wayToText(this.finding.conversation);
    } catch (fault) {
      if (fault instanceof Refused) return; // no longer ours: the pane says so
      throw fault;
    }
    const { channel, from } = this.#reached;
    find(this.form, ".by-number", HTMLElement).hidden = !from;
    tell(find(this.form, ".from", HTMLElement), say("text_from", { number: from }));
    if (channel === "sms") tell(find(this.form, ".here", HTMLElement), say("here_as_text"));
    if (channel === "email") tell(find(this.form, ".here", HTMLElement), say("here_as_mail"));
    if (this.#isSeen) find(this.form, '[name="nameless"]', HTMLInputElement).checked = true;
    this.#compose();
  }

  /** What is texted or mailed shows on a locked screen: there without a name, unless the person wants one. */
  get #isSeen() {
    return (this.#reached?.channel ?? "webchat") !== "webchat";
  }

  get #way() {
    return String(new FormData(this.form).get("way"));
  }

  get #isWords() {
    return this.#way !== "chat";
  }

  /**
   * Nothing with a name in it stays on a screen that somebody else may look at, unless the person wants it so.
   *
   * @param {string} seen
   */
  #suggestWay(seen) {
    const way = seen === "nobody" ? "chat" : "words";
    find(this.form, `[name="way"][value="${way}"]`, HTMLInputElement).checked = true;
    find(this.form, '[name="nameless"]', HTMLInputElement).checked = seen !== "nobody" || this.#isSeen;
  }

  #compose() {
    this.form.dataset["way"] = this.#way;
    const isFixed = this.#way === "text"; // nothing of what it is about stands in a notification
    if (this.text.readOnly && !isFixed) this.#isOwnText = false;
    this.text.readOnly = isFixed;
    if (this.#isOwnText && !isFixed) return;
    const isNameless = find(this.form, '[name="nameless"]', HTMLInputElement).checked;
    const lead = say(this.#reached?.channel === "sms" ? "tell_lead_text" : "tell_lead");
    this.text.value = this.#isWords
      ? this.#wordsText(this.#kept, isFixed ? "tell_text" : "tell_words")
      : chatText(lead, [...this.finding.chosen.values()], isNameless);
  }

  /**
   * @param {Kept | null} kept
   * @param {"tell_words" | "tell_text" | "tell_texted"} sentence
   */
  #wordsText(kept, sentence = "tell_words") {
    return say(sentence, {
      words: kept?.words ?? say("tell_words_come"),
      address: kept?.address ?? say("tell_address_come"),
      until: kept?.until ?? say("tell_until_come"),
    });
  }

  async #send() {
    const { conversation, answer } = this.finding;
    const error = find(this.finding.element, ".error", HTMLElement);
    const button = find(this.form, "div > .button", HTMLButtonElement);
    const number = this.#way === "text" ? this.#numberAsked(error) : null;
    if (number === undefined) return;
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
      if (number) await this.#text(number, kept);
      else conversation.send(this.#isWords ? this.#withWords(text, kept) : text);
      this.finding.done();
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof Away || fault instanceof TextTooLong)) throw fault;
      tell(error, this.#refusal(fault));
    } finally {
      button.disabled = false;
    }
  }

  /**
   * @param {HTMLElement} error
   * @returns {string | undefined} where it goes; nothing while it is not asked for, or no number
   */
  #numberAsked(error) {
    const box = find(this.form, '[name="number"]', HTMLInputElement);
    const isAsked = new FormData(this.form).get("seen") !== "not_said" && find(this.form, '[name="asked"]', HTMLInputElement).checked;
    const number = numberFrom(box.value);
    if (isAsked && number) return number;
    tell(error, say(isAsked ? "text_number_wrong" : "text_ask_first"));
    box.toggleAttribute("aria-invalid", isAsked);
    if (isAsked) box.focus();
    return undefined;
  }

  /**
   * @param {string} number
   * @param {Kept} kept
   */
  async #text(number, kept) {
    if (!this.#reached) return;
    const [text, note] = [this.#wordsText(kept, "tell_text"), this.#wordsText(kept, "tell_texted")];
    await this.#once.send(this.finding.conversation, this.#reached, number, text, note);
    find(this.form, '[name="number"]', HTMLInputElement).value = ""; // nor does it stay on this page
  }

  /** @param {unknown} fault */
  #refusal(fault) {
    if (fault instanceof TextTooLong) return say("too_long", { count: this.#excess() });
    return say(fault instanceof Refused && fault.word === "not_agreed" ? "text_not_taken" : "find_failed");
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
 * @param {string} lead
 * @param {Service[]} services
 * @param {boolean} isNameless a number tells less than a name
 */
function chatText(lead, services, isNameless) {
  return [lead, ...services.map((each) => linesOf(each, isNameless).join("\n"))].join("\n\n");
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
