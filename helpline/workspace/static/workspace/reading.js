// How the desk hears how things stand: asked when something has changed, and never told of a time before what was done here.

import { Refused } from "./api.js";

/** @typedef {import("./api.js").DeskShape} DeskShape */

export class Reading {
  /** @type {Promise<void> | null} */
  #going = null;
  #isDue = false;
  #done = 0;

  /**
   * @param {() => Promise<DeskShape>} ask
   * @param {(shape: DeskShape) => void} take
   */
  constructor(ask, take) {
    this.ask = ask;
    this.take = take;
  }

  /** Ask the server how things stand; asked again meanwhile, it asks once more afterwards. Done when all of it is. */
  again() {
    this.#isDue = true;
    this.#going ??= this.#read().finally(() => (this.#going = null));
    return this.#going;
  }

  /** Something was done here, and the server has it. An answer that is on its way may not know of it: it is not taken. */
  afterwards() {
    this.#done += 1;
    return this.again();
  }

  async #read() {
    try {
      while (this.#isDue) {
        this.#isDue = false;
        const before = this.#done;
        const shape = await this.ask();
        if (before === this.#done) this.take(shape);
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // signed out: the door has been told
    }
  }
}
