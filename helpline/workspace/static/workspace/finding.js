// Finding help beside a conversation: asked with codes and with what the counsellor writes here, never with its words.

import { Away, DANGER, get, post, Refused, untilAnswered } from "./api.js";
import { copyOf, find, tell } from "./dom.js";
import { compare, showServices, showSame, showUnderstood } from "./finding-view.js";
import { Telling } from "./telling.js";
import { say, sayCount } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {{ number: string, dial: string, about: string }} Ring */
/** @typedef {{ service: string, name: string, about: string, organization: string, organization_name: string,
 *   phones: Ring[], url: string, email: string, where: string, open: string, is_open: boolean | null, cost: string,
 *   eligibility: string, languages: [string, string][], for_whom: string[], capacity: string, checked: string,
 *   is_stale: boolean, others: string[] }} Service sentences, each empty where nothing is known */
/** @typedef {{ text: string, drop: string }} Chip */
/** @typedef {{ chips: Chip[], need: string, area: string, area_name: string, side: string, same: { id: string, name: string }[],
 *   widened: string, services: Service[], national: Service[] }} Answer */
/** @typedef {"search" | "compare" | "tell"} View */
/** @typedef {Record<string, string | string[]>} Coded */

const MOST = 3; // to compare and to tell about at once, as the server has it
const NOT_STATED = "not_stated";

export class Finding {
  isOpen = false;
  /** @type {Map<string, Service>} by its id, in the order chosen */
  chosen = new Map();
  /** @type {Answer | null} */
  answer = null;

  #without = new Set();
  #notKnown = new Set();
  #place = "";
  #language;
  #isFurnished = false;
  #asked = 0;

  /**
   * @param {Conversation} conversation
   * @param {object} on
   * @param {() => void} on.change it was opened or closed
   * @param {() => void} on.uncover the conversation is needed: where there is room for one, this makes way
   * @param {(text: string) => void} on.suggest something to write to the person
   */
  constructor(conversation, on) {
    this.conversation = conversation;
    this.on = on;
    this.#language = conversation.summary.language === "en" ? "" : conversation.summary.language;
    this.element = copyOf("finding-template");
    this.form = find(this.element, ".asking", HTMLFormElement);
    this.title = find(this.element, "h2", HTMLElement);
    this.title.id = `finding-${conversation.code}`;
    this.element.setAttribute("aria-labelledby", this.title.id);
    this.telling = new Telling(find(this.element, ".telling", HTMLFormElement), this);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#place = "";
      void this.search();
    });
    this.element.addEventListener("click", (event) => this.#press(event));
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.toggle();
    });
  }

  get hasUnsaved() {
    return this.isOpen && this.telling.hasDraft;
  }

  /** Open it, with what is coded already; or close it. */
  toggle() {
    this.isOpen = !this.isOpen;
    this.on.change();
    if (!this.isOpen) return;
    find(this.form, '[name="words"]', HTMLInputElement).focus();
    if (!this.#isFurnished) void this.#furnish();
  }

  /** @returns {Coded} what was coded here, for the record */
  get coded() {
    /** @type {Coded} */
    const coded = {};
    for (const field of this.form.querySelectorAll(".coded select")) {
      if (field instanceof HTMLSelectElement && field.value !== NOT_STATED) coded[field.name] = field.value;
    }
    for (const box of this.form.querySelectorAll(".coded input:checked")) {
      if (box instanceof HTMLInputElement) coded[box.name] = [...(coded[box.name] ?? []), box.value];
    }
    return coded;
  }

  async search() {
    const turn = (this.#asked += 1);
    const error = find(this.element, ".error", HTMLElement);
    tell(error, "");
    this.#note(say("finding"));
    try {
      const answer = await post(`/c/${this.conversation.code}/find`, this.#wanted());
      if (turn === this.#asked) this.#show(answer);
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof Away)) throw fault;
      const faults = fault instanceof Refused ? (fault.details["faults"] ?? []) : [];
      this.#note("");
      tell(error, faults.join(" ") || say("find_failed"));
    }
  }

  /** @param {View} view */
  go(view) {
    this.element.dataset["view"] = view;
    if (view === "compare") compare(find(this.element, "table", HTMLTableElement), [...this.chosen.values()]);
    if (view === "tell") this.telling.begin();
    this.#showChosen();
    if (view !== "tell") this.title.focus();
  }

  /** After they were told. */
  done() {
    this.chosen.clear();
    this.go("search");
    for (const box of this.element.querySelectorAll('[data-finding="choose"]')) {
      if (box instanceof HTMLInputElement) box.checked = false;
    }
    this.#note(say("told_sent"));
  }

  /** What is coded already, and what the desk knows of everybody: in danger, what is open now. */
  async #furnish() {
    this.#isFurnished = true;
    const { code, summary } = this.conversation;
    this.#note(say("find_first"));
    const open = find(this.form, '[name="is_open_now"]', HTMLInputElement);
    open.checked = summary.urgency === DANGER;
    try {
      this.#code(await untilAnswered(() => get(`/c/${code}/record.json`)));
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault; // no longer ours: the pane says so
    }
    if (open.checked || Object.keys(this.coded).length) await this.search();
  }

  /** @param {Coded} coded */
  #code(coded) {
    for (const field of this.form.querySelectorAll(".coded :is(select, input)")) {
      if (field instanceof HTMLSelectElement) field.value = String(coded[field.name] ?? NOT_STATED);
      else if (field instanceof HTMLInputElement) field.checked = (coded[field.name] ?? []).includes(field.value);
    }
  }

  #wanted() {
    const text = new FormData(this.form);
    return {
      words: text.get("words"),
      where: text.get("where"),
      place: this.#place,
      is_open_now: text.has("is_open_now"),
      is_free: text.has("is_free"),
      is_elsewhere: text.has("is_elsewhere"),
      language: this.#language,
      without: [...this.#without],
      not_known: [...this.#notKnown],
      coded: this.coded,
    };
  }

  /** @param {Answer} answer */
  #show(answer) {
    this.answer = answer;
    const { services, national, chips, same, side, widened } = answer;
    showUnderstood(find(this.element, ".understood", HTMLElement), chips);
    showSame(find(this.element, ".same", HTMLElement), same);
    const isChosen = (/** @type {string} */ id) => this.chosen.has(id);
    showServices(find(this.element, ".services", HTMLElement), services, isChosen);
    showServices(find(this.element, ".national", HTMLElement), national, isChosen);
    find(this.element, ".national-title", HTMLElement).hidden = !national.length;
    const found = sayCount("found", services.length);
    this.#note([found, widened, side === "harming" ? say("for_those_who_harm") : ""].filter(Boolean).join(" · "));
    this.#showChosen();
    const known = find(this.element, ".known", HTMLDetailsElement);
    if (!known.contains(document.activeElement)) known.open = false; // what was found comes into sight
  }

  /** @param {Event} event */
  #press({ target }) {
    const pressed = target instanceof Element ? target.closest("[data-finding]") : null;
    if (!(pressed instanceof HTMLElement)) return;
    const { finding: what, drop = "", place = "" } = pressed.dataset;
    const service = this.#serviceOf(pressed);
    if (what === "close") this.toggle();
    if (what === "search" || what === "compare" || what === "tell") this.go(what);
    if (what === "drop") this.#drop(drop);
    if (what === "place") this.#choosePlace(place);
    if (what === "ask" || what === "refer") this.on.uncover();
    if (what === "ask") this.on.suggest(say("ask_who_sees"));
    if (what === "choose" && service && pressed instanceof HTMLInputElement) this.#choose(service, pressed);
    if (what === "known" && service) this.#leaveOut(service.organization);
    if (what === "refer" && service) this.#refer(service);
  }

  /** @param {Element} inside */
  #serviceOf(inside) {
    const id = inside.closest("li")?.dataset["service"];
    const all = this.answer ? [...this.answer.services, ...this.answer.national] : [];
    return all.find((each) => each.service === id);
  }

  /** @param {string} drop what a chip stands for */
  #drop(drop) {
    const [name = "", value = ""] = drop.split(":");
    const field = this.form.elements.namedItem(name);
    if (name === "need") this.#without.add(value);
    if (name === "not_known") this.#notKnown.clear();
    if (name === "language") this.#language = "";
    if (name === "where") this.#place = "";
    if (name === "where") find(this.form, '[name="region"]', HTMLSelectElement).value = NOT_STATED;
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = false;
    else if (field instanceof HTMLInputElement) field.value = "";
    void this.search();
  }

  /** @param {string} id */
  #choosePlace(id) {
    this.#place = id;
    void this.search();
  }

  /** @param {string} organization where the person is known */
  #leaveOut(organization) {
    this.#notKnown.add(organization);
    void this.search();
  }

  /**
   * @param {Service} service
   * @param {HTMLInputElement} box
   */
  #choose(service, box) {
    if (box.checked && this.chosen.size < MOST) this.chosen.set(service.service, service);
    else this.chosen.delete(service.service);
    box.checked = this.chosen.has(service.service);
    this.#showChosen();
  }

  #showChosen() {
    const { view } = this.element.dataset;
    const count = this.chosen.size;
    tell(find(this.element, ".chosen", HTMLElement), count ? say("chosen", { count, most: MOST }) : "");
    find(this.element, 'footer [data-finding="search"]', HTMLElement).hidden = view === "search";
    find(this.element, 'footer [data-finding="compare"]', HTMLElement).hidden = count < 2 || view === "compare";
    find(this.element, 'footer [data-finding="tell"]', HTMLElement).hidden = !count || view === "tell";
  }

  /**
   * To be handed over with consent: whoever handles referrals on this page hears of it.
   *
   * @param {Service} service
   */
  #refer(service) {
    const detail = {
      conversation: this.conversation.code,
      service: { id: service.service, name: service.name },
      organization: service.organization
        ? { id: service.organization, name: service.organization_name || service.name }
        : null,
      need: this.answer?.need ?? "",
      area: this.answer?.area ?? "",
      area_name: this.answer?.area_name ?? "",
    };
    this.element.dispatchEvent(new CustomEvent("refer", { bubbles: true, detail }));
  }

  /** @param {string} sentence */
  #note(sentence) {
    tell(find(this.element, ".note-found", HTMLElement), sentence);
  }
}
