// Side by side: as many conversations as there is room for, the ones attended to last.

import { byId } from "./dom.js";

/** @typedef {import("./pane.js").Pane} Pane */

const PANE_PX = 350; // narrower, and a line holds too few words to read well

export class Panes {
  /** @type {Map<string, Pane>} in the order in which they were answered */
  all = new Map();
  /** @type {string[]} the one attended to last comes last */
  #recency = [];
  active = "";

  /** @param {() => void} onChange which are shown, or which one is active */
  constructor(onChange) {
    this.onChange = onChange;
    this.region = byId("panes", HTMLElement);
    this.none = byId("panes-none", HTMLElement);
    this.desk = byId("desk", HTMLElement);
    new ResizeObserver(() => this.arrange()).observe(this.region);
  }

  get activePane() {
    return this.all.get(this.active);
  }

  /**
   * @param {string} code
   * @param {Pane} pane
   */
  add(code, pane) {
    this.all.set(code, pane);
    this.#recency.unshift(code);
    this.region.append(pane.element);
    if (!this.active) this.active = code;
    this.arrange();
  }

  /** @param {string} code */
  remove(code) {
    this.all.get(code)?.element.remove();
    this.all.get(code)?.finding?.element.remove();
    this.all.delete(code);
    this.#recency = this.#recency.filter((each) => each !== code);
    if (this.active === code) this.active = this.#recency.at(-1) ?? "";
    if (!this.active) this.desk.dataset["view"] = "queue";
    this.arrange();
  }

  /** @param {string} code */
  activate(code) {
    this.desk.dataset["view"] = "conversation";
    if (this.active === code && this.#recency.at(-1) === code) return;
    this.active = code;
    this.#recency = [...this.#recency.filter((each) => each !== code), code];
    this.arrange();
  }

  /**
   * The one so many places further, going round.
   *
   * @param {number} step
   */
  beside(step) {
    const codes = [...this.all.keys()];
    const place = codes.indexOf(this.active) + step;
    return codes[(place + codes.length) % codes.length] ?? "";
  }

  /** What stands beside the one attended to takes a place; where there is room for one, it covers the conversation. */
  arrange() {
    const columns = Math.max(1, Math.floor(this.region.clientWidth / PANE_PX));
    const beside = this.activePane?.finding;
    const room = Math.max(1, beside?.isOpen ? columns - 1 : columns);
    const shown = new Set(this.#recency.slice(-room));
    for (const [code, { element, finding }] of this.all) {
      const isActive = code === this.active;
      element.hidden = !shown.has(code) || (isActive && Boolean(beside?.isOpen) && columns === 1);
      this.all.get(code)?.setActive(isActive);
      if (finding && !finding.element.isConnected) element.after(finding.element);
      if (finding) finding.element.hidden = !isActive || !finding.isOpen;
    }
    this.none.hidden = this.all.size > 0;
    this.onChange();
  }
}
