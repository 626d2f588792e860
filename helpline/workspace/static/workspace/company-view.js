// The part of a pane that shows colleagues: who is here, how requests stand, the note, and whispers apart from the words.

import { b64urlDecode } from "../vault/codes.js";
import { fingerprint } from "../vault/fingerprint.js";
import { Refused } from "./api.js";
import { announce } from "./attention.js";
import { copyOf, find, tell } from "./dom.js";
import { keep } from "./lists.js";
import { NOT_VOUCHED } from "./vouching.js";
import { say } from "./words.js";

/** @typedef {import("./company.js").Company} Company */
/** @typedef {import("./api.js").Person} Person */

const MAX_BYTES = 1000; // a whisper is a line; sealed to everybody there, all of them fit into one request
const SENTENCES = new Map([["not_here", "whisper_left"], ...NOT_VOUCHED]);

export class CompanyView {
  #title = "";
  /** The key of the guest whose words are shown. */
  #guestKey = "";

  /**
   * @param {HTMLElement} pane
   * @param {Company} company
   * @param {object} on
   * @param {(who: string) => void} on.endMoment
   * @param {() => void} on.withdraw
   * @param {(answer: string) => void} on.answered what somebody said who reads by text or mail
   */
  constructor(pane, company, on) {
    this.pane = pane;
    this.company = company;
    this.present = find(pane, ".present", HTMLElement);
    this.whispers = find(pane, ".whispers", HTMLElement);
    this.log = find(pane, ".whispered", HTMLElement);
    this.list = find(this.log, "ol", HTMLElement);
    this.box = find(pane, ".whispers input", HTMLInputElement);
    this.present.addEventListener("click", (event) => {
      const item = event.target instanceof Element && event.target.closest("button")?.closest("li");
      if (item instanceof HTMLElement) on.endMoment(item.dataset["code"] ?? "");
    });
    find(pane, '.withdraw [data-act="withdraw"]', HTMLButtonElement).addEventListener("click", () => on.withdraw());
    for (const button of pane.querySelectorAll(".withdraw [data-answer]")) {
      const { answer = "" } = /** @type {HTMLElement} */ (button).dataset;
      button.addEventListener("click", () => on.answered(answer));
    }
    find(pane, ".whispers form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#whisper();
    });
  }

  get hasDraft() {
    return this.box.value.trim() !== "";
  }

  /** @param {string} title what the desk calls the conversation */
  show(title) {
    this.#title = title;
    const { now, note } = this.company;
    const isOpen = this.company.conversation.isOpen;
    find(this.pane, ".company", HTMLElement).hidden = !now;
    if (!now) return;
    this.#showPresent(isOpen ? this.#here() : []);
    this.#stand("help", isOpen && now.help ? helpSentence(now.help) : "");
    this.#stand("disclosure", now.disclosure ? disclosureSentence(now.disclosure) : "");
    void this.#tellGuestKey((isOpen && now.guest?.public_key) || "");
    const { handover } = now;
    const isCarried = Boolean(this.company.conversation.carried.now); // they have no page on which to answer
    const asked = isCarried ? "handover_asked_by_text" : "handover_asked";
    this.#stand("handover", isOpen && handover ? say(handover.state === "asked" ? asked : "handover_agreed") : "");
    find(this.pane, ".on-their-word", HTMLElement).hidden = !isCarried;
    find(this.pane, ".withdraw", HTMLElement).hidden = !isOpen || handover?.state !== "asked";
    const box = find(this.pane, ".note", HTMLElement);
    box.hidden = !note;
    if (note) {
      const isOwn = note.by === this.company.conversation.keyring.me.pseudonym;
      tell(find(box, "summary", HTMLElement), isOwn ? say("note_own") : say("note_from", { name: note.by }));
      tell(find(box, "p", HTMLElement), note.text);
    }
    this.#showWhispers(isOpen);
  }

  /** Where one whispers, if somebody is here. */
  focusWhisper() {
    if (!this.whispers.hidden) this.box.focus();
  }

  #here() {
    const { now, isOwn, conversation } = this.company;
    if (!now) return [];
    const me = conversation.keyring.me.code;
    const companions = now.companions.filter(({ code }) => code !== me);
    const others = companions.map(({ code, pseudonym, kind }) => ({
      code,
      text: say(`is_${kind}`, { name: pseudonym }),
      mayEnd: isOwn && kind === "three_way",
    }));
    if (now.guest) others.push({ code: now.guest.code, text: say("is_service", now.guest), mayEnd: isOwn });
    if (isOwn || !now.counsellor) return others;
    const { code, pseudonym: name } = now.counsellor;
    return [{ code, text: say(now.kind === "reading" ? "you_read" : "is_counsellor", { name }), mayEnd: false }, ...others];
  }

  /**
   * Nobody vouches for a guest's key: the words of it can be compared by phone.
   *
   * @param {string} key empty where nobody is here, or another passes words on
   */
  async #tellGuestKey(key) {
    if (key === this.#guestKey) return;
    this.#guestKey = key;
    const words = key && (await fingerprint(b64urlDecode(key)));
    if (key === this.#guestKey) this.#stand("guest", words && say("guest_words", { words }));
  }

  /** @param {{ code: string, text: string, mayEnd: boolean }[]} here */
  #showPresent(here) {
    this.present.hidden = !here.length;
    keep(this.present, here, {
      code: ({ code }) => code,
      template: "present-template",
      fill: (element, { text, mayEnd }) => {
        tell(find(element, "span", HTMLElement), text);
        find(element, "button", HTMLButtonElement).hidden = !mayEnd;
      },
    });
  }

  /**
   * @param {string} what
   * @param {string} text
   */
  #stand(what, text) {
    tell(find(this.pane, `[data-standing="${what}"]`, HTMLElement), text);
  }

  /** @param {boolean} isOpen */
  #showWhispers(isOpen) {
    const { others, whispers } = this.company;
    this.whispers.hidden = !isOpen || (!others.length && !whispers.length);
    if (this.whispers.hidden) return;
    const names = others.map(({ pseudonym }) => pseudonym).join(", ");
    tell(find(this.whispers, "h3", HTMLElement), say("whispers_with", { names }));
    this.log.setAttribute("aria-label", say("whispers_with", { names }));
    const [to] = others;
    const placeholder = to ? say("whisper_to", { name: names }) : "";
    this.box.placeholder = placeholder;
    this.box.setAttribute("aria-label", placeholder || say("whispers_with", { names }));
    find(this.whispers, "form", HTMLElement).hidden = !to;
    const known = new Set([...this.list.children].map((each) => each.getAttribute("data-code")));
    for (const each of whispers.filter(({ id }) => !known.has(id))) {
      const item = copyOf("whisper-template");
      item.dataset["code"] = each.id;
      item.classList.toggle("own", each.isOwn);
      tell(find(item, "strong", HTMLElement), each.isOwn ? say("you") : each.by);
      tell(find(item, "span", HTMLElement), each.text ?? say("unreadable"));
      this.list.append(item);
      this.log.scrollTop = this.log.scrollHeight;
      if (!each.isOwn) announce(say("whisper_of", { name: each.by, chat: this.#title }));
    }
  }

  async #whisper() {
    const text = this.box.value.trim();
    const { others } = this.company;
    if (!text || !others.length) return;
    const excess = new TextEncoder().encode(text).length - MAX_BYTES;
    if (excess > 0) return this.#say(say("too_long", { count: excess }));
    this.box.value = "";
    tell(find(this.whispers, ".error", HTMLElement), "");
    try {
      await this.company.whisper(text);
    } catch (refusal) {
      this.box.value = [text, this.box.value].filter(Boolean).join(" "); // what was not taken stays to be sent
      if (!(refusal instanceof Refused)) throw refusal;
      this.#say(say(SENTENCES.get(refusal.word) ?? "failed"));
      await this.company.read();
    }
  }

  /** @param {string} sentence */
  #say(sentence) {
    tell(find(this.whispers, ".error", HTMLElement), sentence);
    this.box.focus();
  }
}

/** @param {{ answered_by: string | null }} call */
function helpSentence({ answered_by: name }) {
  return name ? say("help_seen", { name }) : say("help_called");
}

/** @param {{ state: string, answered_by: string | null }} disclosure */
function disclosureSentence({ state, answered_by: name }) {
  return say(`disclosure_${state}`, { name: name ?? "" });
}
