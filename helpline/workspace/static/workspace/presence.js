// Whether one takes conversations, and how many at once.

import { post, Refused, untilAnswered } from "./api.js";
import { byId } from "./dom.js";

/** @typedef {import("./api.js").DeskShape} DeskShape */

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
    for (const control of [this.states, this.capacity]) {
      control.addEventListener("change", () => {
        this.#untold += 1;
        this.#telling = this.#telling.then(() => this.#tell());
      });
    }
  }

  /** @param {DeskShape} desk */
  show({ presence, capacity }) {
    if (this.#untold) return;
    const chosen = presence === "away" ? "away" : "available";
    for (const choice of this.#choices()) choice.checked = choice.value === chosen;
    this.capacity.value = String(capacity);
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

  #choices() {
    return [...this.states.querySelectorAll("input")];
  }
}
