// How this shift has been, for oneself: counts that nobody else sees first, and a break when one is due.

import { post, Refused, untilAnswered } from "./api.js";
import { announce } from "./attention.js";
import { byId, tell } from "./dom.js";
import { say, sayCount } from "./words.js";

/** @typedef {import("./api.js").DeskShape} DeskShape */
/** @typedef {import("./presence.js").Presence} Presence */

export class Wellbeing {
  /** Answered here, and the server has not said so yet. */
  #isAnswered = false;

  /**
   * @param {Presence} presence
   * @param {() => void} onChanged
   */
  constructor(presence, onChanged) {
    this.presence = presence;
    this.onChanged = onChanged;
    this.card = byId("break-offer", HTMLElement);
    byId("break-yes", HTMLButtonElement).addEventListener("click", () => void this.#answer(true));
    byId("break-no", HTMLButtonElement).addEventListener("click", () => void this.#answer(false));
    byId("break-debrief", HTMLButtonElement).addEventListener("click", () => this.#debrief());
  }

  /** @param {DeskShape} desk */
  show({ shift }) {
    const counts = [
      ...(shift.heavy ? [sayCount("heavy", shift.heavy)] : []),
      ...(shift.abusive ? [sayCount("abusive", shift.abusive)] : []),
    ];
    const sentences = [
      ...(counts.length ? [say("this_shift", { counts: counts.join(", ") })] : []),
      ...(shift.is_break_due ? [say("break_due")] : []),
    ];
    tell(byId("shift", HTMLElement), sentences.join(" · "));
    const isOffered = shift.is_break_offered && !this.#isAnswered;
    if (isOffered && this.card.hidden) announce(say("break_offered"));
    this.card.hidden = !isOffered;
    if (!shift.is_break_offered) this.#isAnswered = false;
  }

  /** @param {boolean} isTaken */
  async #answer(isTaken) {
    this.#hide();
    try {
      await untilAnswered(() => post("/break", { is_taken: isTaken }));
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal; // signed out: the door has been told
    } finally {
      this.onChanged();
    }
  }

  #debrief() {
    this.#hide();
    this.presence.choose("debrief");
  }

  #hide() {
    this.#isAnswered = true;
    this.card.hidden = true;
  }
}
