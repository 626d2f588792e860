// How the lines stand, kept fresh: asked for when there is news, once a second at most, and only sent when it changed.

import { Away, getIfNew, Refused } from "./api.js";

/** @typedef {{ slug: string, name: string, answered: number, abandoned: number }} BoardLine */
/** @typedef {{ code: string, line: string, channel: string, language: string, urgency: number, state: string,
 *   since: number, due_at: number, waiting_since: number, started_at: number, needs_supervisor: boolean,
 *   has_key: boolean }} BoardWaiting */
/** @typedef {{ user: string, pseudonym: string, kind: "reading" | "joined" | "three_way" }} BoardCompanion */
/** @typedef {{ code: string, line: string, channel: string, language: string, urgency: number, started_at: number,
 *   answered_at: number, counsellor: string, companions: BoardCompanion[], has_key: boolean }} BoardOpen */
/** @typedef {{ code: string, name: string, pseudonym: string, role: string, lines: string[], is_there: boolean,
 *   state: string, load: number, capacity: number, max_capacity: number, is_new_starter: boolean, heavy: number,
 *   abusive: number, is_break_offered: boolean, shift_began_at: number | null, working_since: number | null }} BoardMember */
/** @typedef {{ code: string, by: string, at: number }} BoardCall */
/** @typedef {{ disclosure: string, code: string, line: string, by: string, at: number }} BoardDisclosure */
/** @typedef {{ version: string, now: number, limits: { heavy: number, abusive: number, shift_seconds: number, break_seconds: number },
 *   lines: BoardLine[], waiting: BoardWaiting[], open: BoardOpen[], staff: BoardMember[], calls: BoardCall[],
 *   disclosures: BoardDisclosure[] }} BoardShape */

const BUILD_MS = 1000; // the server builds it once in so long
const HEAL_MS = 60_000; // what changes with time alone, and news that got lost
const RETRY_MS = 2000;

export class BoardFeed {
  #version = "";
  #newsAt = 0;
  #askedAt = -BUILD_MS;
  #isAsking = false;
  #timer = 0;

  /** @param {(shape: BoardShape) => void} onShape only when something has changed */
  constructor(onShape) {
    this.onShape = onShape;
  }

  /** Something has happened: look as soon as may be. */
  news() {
    this.#newsAt = performance.now();
    if (!this.#isAsking) this.#askIn(Math.max(0, this.#askedAt + BUILD_MS - this.#newsAt));
  }

  /** @param {number} milliseconds */
  #askIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), milliseconds);
  }

  async #ask() {
    this.#isAsking = true;
    this.#askedAt = performance.now();
    let next = HEAL_MS * (0.9 + Math.random() / 5); // fifty boards do not all ask in the same moment
    try {
      const { answer, ageMs } = await getIfNew("/board.json", this.#version);
      // Built at the earliest then; news since may not be in it.
      const builtAt = this.#askedAt - ageMs;
      if (builtAt < this.#newsAt) next = Math.max(50, builtAt + BUILD_MS - performance.now());
      if (answer) this.#take(/** @type {BoardShape} */ (answer));
    } catch (error) {
      if (error instanceof Away) next = RETRY_MS;
      else if (!(error instanceof Refused)) throw error; // signed out: the door has been told
    } finally {
      this.#isAsking = false;
      this.#askIn(next);
    }
  }

  /** @param {BoardShape} shape */
  #take(shape) {
    this.#version = shape.version;
    this.onShape(shape);
  }
}
