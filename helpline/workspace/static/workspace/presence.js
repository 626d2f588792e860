// Whether one takes conversations, how many at once, and what holds one's hands.

import { post, Refused, untilAnswered } from "./api.js";
import { byId, tell } from "./dom.js";
import { sayCount } from "./words.js";

/** @typedef {import("./api.js").DeskShape} DeskShape */

const MISSED_TO_BE_AWAY = 2; // as routing/offers.py has it

export class Presence {
  /** Choices that the server has not heard of yet; until it has, what it says is old. */
  #untold = 0;
  /** @type {Promise<void>} so that the last choice is told last */
  #telling = Promise.resolve();

  /** @param {() => void} onChanged */
  constructor(onChanged) {
    this.onChanged = onChanged;
    this.states = byId("presence", HTMLFieldSetElement);
    this.capacity = byId("capacity", HTMLSelectElement);
    this.back = byId("set-away", HTMLElement);
    for (const control of [this.states, this.capacity]) control.addEventListener("change", () => this.#changed());
    byId("come-back", HTMLButtonElement).addEventListener("click", () => this.choose("available"));
  }

  /** @param {DeskShape} desk */
  show({ presence, capacity, max_capacity: most, missed, own }) {
    this.#showHands(own, capacity);
    if (this.#untold) return;
    this.states.disabled = this.capacity.disabled = false; // not before it is known what was chosen last
    for (const choice of this.#choices()) choice.checked = choice.value === presence;
    for (const option of this.capacity.options) option.hidden = option.disabled = Number(option.value) > most;
    this.capacity.value = String(capacity);
    this.back.hidden = presence !== "away" || missed < MISSED_TO_BE_AWAY;
  }

  /** @param {string} state */
  choose(state) {
    for (const choice of this.#choices()) choice.checked = choice.value === state;
    this.back.hidden = true;
    this.#changed();
  }

  #changed() {
    this.#untold += 1;
    this.#telling = this.#telling.catch(() => {}).then(() => this.#tell());
  }

  async #tell() {
    const state = this.#choices().find((choice) => choice.checked)?.value ?? "away";
    const capacity = Number(this.capacity.value);
    try {
      await untilAnswered(() => post("/presence", { state, capacity }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // signed out: the door has been told
    } finally {
      this.#untold -= 1;
      this.onChanged();
    }
  }

  /**
   * @param {DeskShape["own"]} own
   * @param {number} capacity
   */
  #showHands(own, capacity) {
    const open = own.filter((each) => each.state === "open").length;
    const toRecord = own.filter((each) => each.state === "closed" && each.holds_hand).length;
    const free = Math.max(0, capacity - open - toRecord);
    const parts = [
      ...(open ? [sayCount("hands_open", open)] : []),
      ...(toRecord ? [sayCount("hands_to_record", toRecord)] : []),
      sayCount("hands_free", free),
    ];
    tell(byId("hands-text", HTMLElement), parts.join(" · "));
    const kinds = [...Array(open).fill("open"), ...Array(toRecord).fill("to-record"), ...Array(free).fill("free")];
    const pips = byId("hands-pips", HTMLElement);
    if (pips.dataset["kinds"] === kinds.join()) return;
    pips.dataset["kinds"] = kinds.join();
    pips.replaceChildren(
      ...kinds.map((kind) => {
        const pip = document.createElement("span");
        pip.className = `pip ${kind}`;
        return pip;
      }),
    );
  }

  #choices() {
    return [...this.states.querySelectorAll("input")];
  }
}
