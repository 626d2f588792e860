// What is coded so far is kept with every change, so that it is there again when the page is.

import { post, Refused, untilAnswered } from "./api.js";

export class Drafts {
  isOff = false;
  isKept = true;
  #isDue = false;
  /** @type {Promise<void> | null} */
  #going = null;

  /**
   * @param {string} code
   * @param {() => object} read what is coded now
   * @param {HTMLElement} told shown while everything is kept
   * @param {Promise<unknown>} [ready] nothing is kept before what was kept earlier is here
   */
  constructor(code, read, told, ready = Promise.resolve()) {
    this.path = `/c/${code}/record/draft`;
    this.read = read;
    this.told = told;
    this.ready = ready;
  }

  /** Something has changed. */
  note() {
    if (this.isOff) return;
    this.#isDue = true;
    this.isKept = false;
    this.told.hidden = true;
    this.#going ??= this.#send();
  }

  /** No more of it, once what is under way has arrived: nothing may come after the record itself. */
  async stop() {
    this.isOff = true;
    await this.#going;
  }

  async #send() {
    try {
      await this.ready;
      while (this.#isDue) {
        this.#isDue = false;
        await untilAnswered(() => post(this.path, this.read()));
      }
      this.isKept = true;
      this.told.hidden = false;
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // why, saving says
    } finally {
      this.#going = null;
    }
  }
}
