// One conversation on screen: its words and the reply, or once it has ended its record.

import { DANGER } from "./api.js";
import { CarriedView } from "./carried-view.js";
import { CompanyView } from "./company-view.js";
import { Composer } from "./composer.js";
import { copyOf, find, showChips, tell } from "./dom.js";
import { Finding } from "./finding.js";
import { Log } from "./log.js";
import { PassingOn } from "./passing-on.js";
import { RecordForm } from "./record.js";
import { ReferralsView } from "./referrals-view.js";
import { clock, languageName, say } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {"transfer" | "close" | "hard" | "dismiss" | "help" | "three_way" | "disclose" | "join" | "leave" | "withdraw" | `answered_${string}`} Wish what the desk does for a pane */

/** @typedef {{ isCorrecting?: boolean, isCounted?: boolean, contact?: string | undefined }} Known about the record: it
 *   was written before; how abusive it was is counted already; which kind of contact it was */

export class Pane {
  /** @type {RecordForm | null} */
  record = null;
  /** Beside it, once help was looked for. @type {Finding | null} */
  finding = null;
  /** The words are shown beside or instead of the record. */
  #showsWords = true;

  /**
   * @param {Conversation} conversation
   * @param {object} on
   * @param {(wish: Wish) => void} on.wish
   * @param {() => number} on.now epoch seconds, by the server's clock
   * @param {() => void} on.recorded
   * @param {() => void} on.active
   * @param {() => void} on.arrange what stands beside it has come or gone
   * @param {(urgency: number) => void} on.triage
   * @param {(who: string) => void} on.endMoment
   */
  constructor(conversation, on) {
    this.conversation = conversation;
    this.on = on;
    this.element = copyOf("pane-template");
    this.title = this.#part(".pane-title");
    this.title.id = `title-${conversation.code}`;
    this.element.setAttribute("aria-labelledby", this.title.id);
    this.box = this.#part(".log");
    this.box.setAttribute("aria-labelledby", this.title.id);
    this.log = new Log(this.box, this.#part(".below"));
    this.company = new CompanyView(this.element, conversation.company, {
      endMoment: on.endMoment,
      withdraw: () => on.wish("withdraw"),
      answered: (answer) => on.wish(`answered_${answer}`),
    });
    this.carried = new CarriedView(this.element, conversation, on.now);
    this.referrals = new ReferralsView(this.element, conversation);
    this.passingOn = new PassingOn(conversation);
    this.composer = new Composer(find(this.element, ".composer", HTMLFormElement), conversation);
    this.element.addEventListener("focusin", () => on.active());
    this.element.addEventListener("pointerdown", () => on.active());
    this.triage = find(this.element, "[data-triage]", HTMLSelectElement);
    this.triage.addEventListener("change", () => on.triage(Number(this.triage.value)));
    for (const button of this.#buttons()) button.addEventListener("click", () => this.#press(button));
    const { summary } = conversation;
    if (summary.state === "closed" && !summary.is_recorded) this.startRecord();
  }

  get hasUnsaved() {
    return this.composer.hasDraft || this.company.hasDraft || this.conversation.hasUnsent || Boolean(this.record?.hasUnkept || this.finding?.hasUnsaved);
  }

  /** @param {string} name what the desk calls it */
  show(name) {
    const { conversation } = this;
    tell(this.title, name);
    showChips(this.#part(".chips"), this.#chips());
    if (conversation.status === "gone") this.#showGone();
    this.log.show(conversation);
    this.#showState();
    this.#showParts();
    this.company.show(name);
    this.carried.show();
    this.composer.showParts();
    this.referrals.show(name);
    this.passingOn.go();
    this.element.classList.toggle("unread", conversation.unread > 0);
    this.showTyping();
  }

  showTyping() {
    const line = this.#part(".typing span");
    tell(line, this.conversation.isTyping ? `${say("they")} ${say("writes")}` : "");
  }

  /** @param {boolean} isActive only one conversation speaks at a time to a screen reader */
  setActive(isActive) {
    this.element.classList.toggle("active", isActive);
    this.box.setAttribute("aria-live", isActive ? "polite" : "off");
  }

  focus() {
    if (this.record && !this.#showsWords) this.record.focus();
    else if (this.conversation.isOpen && this.conversation.company.mayWrite) this.composer.box.focus();
    else this.title.focus();
  }

  /** Help is looked for beside a conversation of one's own, while it is open. */
  findHelp() {
    if (!this.conversation.isOpen || !this.conversation.company.isOwn) return;
    this.finding ??= new Finding(this.conversation, {
      change: () => {
        this.on.arrange();
        if (!this.finding?.isOpen) this.focus();
      },
      uncover: () => {
        if (this.element.hidden) this.finding?.toggle();
      },
      suggest: (text) => this.composer.suggest(text),
    });
    this.finding.toggle();
  }

  /** @param {Known} known */
  startRecord({ isCorrecting = false, isCounted = false, contact = "" } = {}) {
    if (!this.record) {
      this.record = new RecordForm(this.conversation.code, this.on.recorded);
      this.#part(".wrap-up").append(this.record.form);
      if (!isCorrecting) this.record.fill(this.finding?.coded ?? {});
      if (isCounted) this.record.leaveOutAbusive();
      if (contact) this.record.isContact(contact);
      const outcome = this.conversation.company.now?.outcome;
      if (outcome) this.record.cameTo(outcome);
      if (isCorrecting) this.record.corrects();
    }
    this.#showsWords = false;
    this.#showParts();
  }

  #showGone() {
    this.#showsWords = true;
    this.record = null;
    this.#part(".wrap-up").replaceChildren();
  }

  #showState() {
    const { status, summary } = this.conversation;
    const time = clock(summary.closed_at ?? 0);
    let text = "";
    if (status === "gone") text = say(summary.carried ? "gone_carried" : "gone");
    else if (summary.state === "closed") text = say(`ended_by_${summary.closed_by || "system"}`, { time });
    else if (status === "opening") text = say("opening");
    if (status === "no_key") text = `${text} ${say(summary.state === "open" ? "waits_for_key" : "no_key")}`.trim();
    tell(this.#part(".pane-state"), text);
  }

  /** Which of its parts are of use now. */
  #showParts() {
    const { conversation } = this;
    const { isOpen, status, summary } = conversation;
    const { isOwn, mayWrite } = conversation.company;
    const isOver = !isOpen;
    if (document.activeElement !== this.triage) this.triage.value = String(summary.urgency);
    this.triage.disabled = isOver || (!isOwn && summary.kind === "three_way");
    this.element.dataset["kind"] = isOwn ? "own" : "companion";
    this.triage.classList.toggle("danger", summary.urgency === DANGER);
    this.box.hidden = !this.#showsWords;
    this.#part(".wrap-up").hidden = !this.record;
    this.element.classList.toggle("recording", Boolean(this.record) && !this.#showsWords);
    this.composer.form.hidden = (isOver && !this.composer.hasDraft) || (isOpen && !mayWrite);
    this.composer.form.classList.toggle("over", isOver);
    this.composer.box.readOnly = isOver;
    find(this.composer.form, ".button", HTMLButtonElement).disabled = isOver || status !== "ready";
    const isKept = summary.state === "closed" && status !== "gone";
    if (this.finding?.isOpen && (isOver || !isOwn)) this.finding.toggle();
    for (const wish of ["find", "transfer", "three_way", "help", "disclose", "hard", "close"]) this.#button(wish).hidden = !isOpen || !isOwn;
    for (const wish of ["transfer", "three_way"]) this.#button(wish).disabled = status !== "ready";
    this.#button("join").hidden = !isOpen || isOwn || mayWrite;
    this.#button("leave").hidden = !isOpen || isOwn;
    this.#button("words").hidden = !this.record || status === "no_key";
    this.#button("words").setAttribute("aria-expanded", String(this.#showsWords));
    this.#button("words").textContent = say(this.#showsWords ? "hide_words" : "show_words");
    this.#button("record").hidden = !isKept || Boolean(this.record);
    this.#button("record").textContent = say(summary.is_recorded ? "correct_record" : "write_record");
    this.#button("dismiss").hidden = !(status === "gone" || (isKept && summary.is_recorded));
  }

  #chips() {
    const { summary } = this.conversation;
    return [
      ...(summary.language === "en" ? [] : [{ text: languageName(summary.language), lang: summary.language }]),
      ...(summary.needs_interpreter ? [{ text: say("interpreter") }] : []),
      ...(summary.has_script || summary.came_by !== "webchat" ? [] : [{ text: say("no_script") }]),
    ];
  }

  /** @param {HTMLButtonElement} button */
  #press(button) {
    const wish = button.dataset["do"];
    if (wish === "words") {
      this.#showsWords = !this.#showsWords;
      this.#showParts();
      if (this.#showsWords) this.log.toEnd();
    } else if (wish === "record") {
      this.startRecord({ isCorrecting: Boolean(this.conversation.summary.is_recorded) });
      this.focus();
    } else if (wish === "find") {
      this.findHelp();
    } else {
      this.on.wish(/** @type {Wish} */ (wish));
    }
  }

  #buttons() {
    return [...this.element.querySelectorAll(".pane-actions button")].filter(
      (button) => button instanceof HTMLButtonElement,
    );
  }

  /** @param {string} wish */
  #button(wish) {
    return find(this.element, `[data-do="${wish}"]`, HTMLButtonElement);
  }

  /** @param {string} selector */
  #part(selector) {
    return find(this.element, selector, HTMLElement);
  }
}
