// What is offered to this person: it cannot be missed, and it takes nothing from what is being typed.

import { DANGER, post, Refused, untilAnswered } from "./api.js";
import { announce, chime } from "./attention.js";
import { byId, find, showChips, tell } from "./dom.js";
import { preferences } from "./preferences.js";
import { languageName, say, spoken, stopwatch, urgencyName } from "./words.js";

/** @typedef {import("./api.js").DeskShape} DeskShape */
/** @typedef {import("./api.js").Offer} Offer */

export class OfferCard {
  /** @type {Offer | null} */
  offer = null;
  #isAnswering = false;
  /** Offers that were answered here: when they go, nobody need be told why. */
  #answered = new Set();
  /** @type {Element | null} where one was before one chose to decline */
  #cameFrom = null;
  #missed = 0;
  #seconds = 1;

  /**
   * @param {object} on
   * @param {(code: string) => Promise<void>} on.accept
   * @param {() => void} on.changed
   */
  constructor(on) {
    this.on = on;
    this.card = byId("offer", HTMLElement);
    this.reasons = byId("offer-reasons", HTMLElement);
    this.declineButton = byId("offer-decline", HTMLButtonElement);
    this.acceptButton = byId("offer-accept", HTMLButtonElement);
    this.progress = byId("offer-progress", HTMLProgressElement);
    this.note = byId("offer-note", HTMLElement);
    this.acceptButton.addEventListener("click", () => this.accept());
    this.declineButton.addEventListener("click", () => this.askWhy());
    this.reasons.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button) void this.#decline(button.value);
    });
    this.card.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /**
   * @param {DeskShape} shape
   * @param {number} now epoch seconds of the server
   */
  show(shape, now) {
    const before = this.offer;
    this.offer = shape.offer;
    if (before && before.code !== shape.offer?.code) this.#went(before, shape);
    this.#missed = shape.missed;
    if (shape.offer && shape.offer.code !== before?.code) this.#came(shape.offer, now);
    this.tick(now);
  }

  /** @param {number} now */
  tick(now) {
    const { offer } = this;
    this.card.hidden = !offer;
    if (!offer) return;
    const left = Math.max(0, Math.ceil(offer.expires_at - now));
    this.progress.max = this.#seconds;
    this.progress.value = left;
    tell(byId("offer-left", HTMLElement), say("seconds_left", { count: left }));
    tell(byId("offer-waited", HTMLElement), say("has_waited", { time: stopwatch(now - offer.since) }));
  }

  /** @returns {boolean} whether there was somebody to accept */
  accept() {
    const { offer } = this;
    if (!offer) return false;
    if (this.#isAnswering) return true;
    this.#isAnswering = true;
    this.#answered.add(offer.code);
    this.acceptButton.disabled = true;
    void this.on.accept(offer.code).finally(() => {
      this.#isAnswering = false;
      this.acceptButton.disabled = false;
    });
    return true;
  }

  /** Show the reasons, and go to the first; once more puts them away. */
  askWhy() {
    if (!this.offer) return;
    const isOpening = this.reasons.hidden;
    if (!isOpening) return this.#putAway();
    this.#cameFrom = document.activeElement;
    this.#showReasons(true);
    find(this.reasons, "button", HTMLButtonElement).focus();
  }

  /** @param {string} reason */
  async #decline(reason) {
    const { offer } = this;
    if (!offer || this.#isAnswering) return;
    this.#isAnswering = true;
    this.#answered.add(offer.code);
    this.#putAway();
    try {
      await untilAnswered(() => post(`/c/${offer.code}/decline`, { reason }));
      this.#say(say("declined"));
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      this.#say(say("went_on"));
    } finally {
      this.#isAnswering = false;
      this.on.changed();
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (this.reasons.hidden) return;
    if (event.key === "Escape") {
      event.preventDefault();
      return this.#putAway();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey) return;
    const buttons = [...this.reasons.querySelectorAll("button")];
    const place = buttons.findIndex((each) => each === document.activeElement);
    event.preventDefault();
    buttons[(place + step + buttons.length) % buttons.length]?.focus();
  }

  #putAway() {
    const isInside = this.card.contains(document.activeElement);
    this.#showReasons(false);
    if (isInside && this.#cameFrom instanceof HTMLElement) this.#cameFrom.focus();
    this.#cameFrom = null;
  }

  /** @param {boolean} isShown */
  #showReasons(isShown) {
    this.reasons.hidden = !isShown;
    this.declineButton.setAttribute("aria-expanded", String(isShown));
  }

  /**
   * @param {Offer} offer
   * @param {number} now
   */
  #came(offer, now) {
    this.#seconds = Math.max(1, offer.expires_at - now);
    this.#answered.delete(offer.code);
    this.#showReasons(false);
    tell(this.note, "");
    this.card.classList.toggle("danger", offer.urgency === DANGER);
    showChips(byId("offer-chips", HTMLElement), [
      { text: urgencyName(offer.urgency), kind: offer.urgency === DANGER ? "danger" : "" },
      { text: offer.channel },
      { text: languageName(offer.language), lang: offer.language },
    ]);
    tell(byId("offer-line", HTMLElement), offer.line);
    const reasons = reasonsFor(offer);
    byId("offer-why", HTMLElement).replaceChildren(...reasons.map(asItem));
    announce(
      say("offered", {
        line: offer.line,
        urgency: urgencyName(offer.urgency),
        channel: offer.channel,
        time: spoken(now - offer.since),
        why: reasons.join(" "),
        count: Math.round(this.#seconds),
      }),
    );
    if (preferences.sound) void chime();
  }

  /**
   * Say kindly why it is no longer here, unless it was answered here.
   *
   * @param {Offer} offer
   * @param {DeskShape} shape
   */
  #went(offer, shape) {
    if (!this.reasons.hidden) this.#putAway();
    if (this.#answered.has(offer.code) || shape.own.some((each) => each.code === offer.code)) return;
    this.#say(say(shape.missed > this.#missed || shape.presence === "away" ? "lapsed" : "went_on"));
  }

  /** @param {string} sentence */
  #say(sentence) {
    tell(this.note, sentence);
  }
}

/**
 * Why this one came to me, in whole sentences.
 *
 * @param {Offer} offer
 */
function reasonsFor({ because, dropped }) {
  return [...because.map((word) => say(`because_${word}`)), ...dropped.map((word) => say(`dropped_${word}`))];
}

/** @param {string} text */
function asItem(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
