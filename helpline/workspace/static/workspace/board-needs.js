// What needs a supervisor, the most urgent first: calls for help, disclosures, people who need a moment, lost keys.

import { overLimits, withoutBreak } from "./board-view.js";
import { byId, find, tell } from "./dom.js";
import { keep } from "./lists.js";
import { say, stopwatch } from "./words.js";

/** @typedef {import("./board-feed.js").BoardShape} BoardShape */
/** @typedef {import("./board-view.js").BoardView} BoardView */
/** @typedef {{ id: string, kind: "call" | "disclosure" | "person" | "key", what: string, more: string, press?: string,
 *   spoken?: string, act?: () => void }} Need */
/**
 * @typedef {object} On
 * @property {(code: string) => void} answer a call for help
 * @property {(disclosure: string) => void} disclosure
 */

export class Needs {
  /** @type {Map<string, () => void>} */
  #acts = new Map();

  /** @param {On} on */
  constructor(on) {
    this.on = on;
    this.list = byId("board-needs-list", HTMLElement);
    this.list.addEventListener("click", ({ target }) => {
      const item = target instanceof Element && target.closest("button")?.closest("li");
      if (item) this.#acts.get(item.dataset["code"] ?? "")?.();
    });
  }

  /**
   * @param {BoardShape} shape
   * @param {BoardView} view
   * @param {number} now
   * @param {Set<string>} stuck conversations whose key nobody here has
   * @returns {number} how many wait for an answer
   */
  show(shape, view, now, stuck) {
    const needs = [...this.#toAnswer(shape, view, now), ...people(shape, now), ...keyless(shape, view, stuck)];
    this.#acts = new Map(needs.flatMap(({ id, act }) => (act ? [[id, act]] : [])));
    keep(this.list, needs, {
      code: ({ id }) => id,
      template: "board-need-template",
      fill: (element, need) => {
        element.dataset["kind"] = need.kind;
        tell(find(element, "strong", HTMLElement), need.what);
        tell(find(element, ".soft", HTMLElement), need.more);
        const button = find(element, "button", HTMLButtonElement);
        tell(button, need.press ?? "");
        if (need.spoken) button.setAttribute("aria-label", need.spoken);
      },
    });
    byId("board-needs-none", HTMLElement).hidden = needs.length > 0;
    tell(byId("board-needs-count", HTMLElement), needs.length ? String(needs.length) : "");
    return shape.calls.length + shape.disclosures.length;
  }

  /**
   * @param {BoardShape} shape
   * @param {BoardView} view
   * @param {number} now
   * @returns {Need[]}
   */
  #toAnswer({ calls, disclosures }, view, now) {
    return [
      ...calls.map(({ code, by, at }) => ({
        id: `call-${code}`,
        kind: /** @type {const} */ ("call"),
        what: say("board_call", { name: view.whoIs(by) }),
        more: say("board_call_when", { chat: view.nameOf(code), time: stopwatch(now - at) }),
        press: say("board_go"),
        spoken: say("board_go_to", { name: view.whoIs(by), chat: view.nameOf(code) }),
        act: () => this.on.answer(code),
      })),
      ...disclosures.map(({ disclosure, code, by, at }) => ({
        id: disclosure,
        kind: /** @type {const} */ ("disclosure"),
        what: say("board_disclosure", { name: view.whoIs(by) }),
        more: say("board_call_when", { chat: view.nameOf(code), time: stopwatch(now - at) }),
        press: say("board_reason"),
        act: () => this.on.disclosure(disclosure),
      })),
    ];
  }
}

/**
 * @param {BoardShape} shape
 * @param {number} now
 * @returns {Need[]}
 */
function people({ staff, limits }, now) {
  /** @type {(code: string, what: string, more?: string) => Need} */
  const about = (id, what, more = "") => ({ id, kind: "person", what, more });
  return staff.flatMap((member) => {
    const { code, name } = member;
    const over = overLimits(member, limits, now);
    const time = withoutBreak(member, limits, now);
    return [
      ...(member.state === "debrief" ? [about(`debrief-${code}`, say("board_debrief", { name }))] : []),
      ...(over.length ? [about(`over-${code}`, say("board_over", { name, limits: over.join(", ") }))] : []),
      ...(time ? [about(`rest-${code}`, say("board_no_break", { name, time }))] : []),
      ...(member.is_break_offered ? [about(`break-${code}`, say("board_break", { name }))] : []),
      ...(!member.is_there && member.load ? [about(`gone-${code}`, say("board_not_there", { name }))] : []),
    ];
  });
}

/**
 * @param {BoardShape} shape
 * @param {BoardView} view
 * @param {Set<string>} stuck
 * @returns {Need[]}
 */
function keyless({ waiting, open }, view, stuck) {
  return [...waiting, ...open]
    .filter((each) => !each.has_key)
    .map(({ code }) => ({
      id: `key-${code}`,
      kind: "key",
      what: say("board_keyless", { chat: view.nameOf(code) }),
      more: say(stuck.has(code) ? "board_keyless_stuck" : "board_keyless_how"),
    }));
}
