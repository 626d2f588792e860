// Whether the server answers. While it does not, the desk says so once and keeps on trying.

import { untilAnswered } from "./api.js";
import { announce } from "./attention.js";
import { byId, tell } from "./dom.js";
import { say } from "./words.js";

const SOON_MS = 3000; // how old the list of who waits may be

/**
 * Once for however often it is asked, within so long: two hundred desks hear the same news, and not all may ask at once.
 *
 * @param {() => void} act
 */
export function soon(act) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => {
      timer = 0;
      act();
    }, Math.random() * SOON_MS);
  };
}

export class Reach {
  /** @type {Set<"live" | "site">} what does not answer now */
  #away = new Set();

  /**
   * @param {"live" | "site"} part
   * @param {boolean} isUp
   */
  show(part, isUp) {
    const wasAway = this.#away.size > 0;
    if (isUp) this.#away.delete(part);
    else this.#away.add(part);
    const isAway = this.#away.size > 0;
    if (wasAway && !isAway) announce(say("back_notice"));
    tell(byId("notice", HTMLElement), isAway ? say("away_notice") : "");
  }

  /**
   * Ask the site until it answers; only for what may safely be asked twice.
   *
   * @template T
   * @param {() => Promise<T>} request
   */
  async ask(request) {
    const answer = await untilAnswered(request, () => this.show("site", false));
    this.show("site", true);
    return answer;
  }
}
