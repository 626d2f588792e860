// The wrap-up form: codes only, each of which may stay "not stated". What was chosen stays until the server has it.

import { get, post, Refused, untilAnswered } from "./api.js";
import { copyOf, find, tell } from "./dom.js";
import { Drafts } from "./record-drafts.js";
import { codedIn, fill, statedIn } from "./record-fields.js";
import { listenForRecordKeys } from "./record-keys.js";
import { say } from "./words.js";

export class RecordForm {
  /** @type {Set<string>} names of the fields that were changed here */
  #touched = new Set();

  /**
   * @param {string} code
   * @param {() => void} onSaved
   */
  constructor(code, onSaved) {
    this.code = code;
    this.onSaved = onSaved;
    this.form = /** @type {HTMLFormElement} */ (copyOf("record-template"));
    this.error = find(this.form, ".error", HTMLElement);
    this.button = find(this.form, ".button", HTMLButtonElement);
    this.weights = find(this.form, ".weights", HTMLFieldSetElement);
    this.drafts = new Drafts(code, () => codedIn(this.form), find(this.form, ".record-kept", HTMLElement), this.#recall());
    this.form.addEventListener("change", ({ target }) => {
      if (!(target instanceof HTMLSelectElement || target instanceof HTMLInputElement)) return;
      this.#touched.add(target.name);
      if (!target.matches("[data-weight]")) this.drafts.note();
    });
    listenForRecordKeys(this.form);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
  }

  /** Something would be lost with the page. */
  get hasUnkept() {
    return this.#touched.size > 0 && !this.drafts.isKept;
  }

  /**
   * What it was like for oneself, by its one key.
   *
   * @param {"heavy" | "abusive"} name
   */
  toggleWeight(name) {
    const box = find(this.form, `[data-weight][name="${name}"]`, HTMLInputElement);
    if (!this.weights.hidden && !box.disabled) box.click();
  }

  /** It was counted when the conversation ended. */
  leaveOutAbusive() {
    const box = find(this.form, '[data-weight][name="abusive"]', HTMLInputElement);
    box.disabled = true;
    box.closest("label")?.setAttribute("hidden", "");
  }

  /** @param {string} kind as the guide through a hard contact has found; it can be changed like everything here */
  isContact(kind) {
    find(this.form, '[name="not_counselling"]', HTMLSelectElement).value = kind;
  }

  /** @param {string} outcome as the system has seen it; it can be changed like everything here */
  cameTo(outcome) {
    find(this.form, '[name="outcome"]', HTMLSelectElement).value = outcome;
  }

  focus() {
    find(this.form, "select", HTMLSelectElement).focus();
  }

  /** It was recorded before. */
  corrects() {
    this.weights.hidden = true; // it was counted with the first record, or was not to be
    this.drafts.isOff = true; // what is recorded changes as a whole
  }

  /** @param {import("./record-fields.js").Coded} coded what is known already of some fields, or of all */
  fill(coded) {
    fill(this.form, coded, this.#touched);
  }

  /** What was coded of it before this page was; what has been chosen here meanwhile stays. */
  async #recall() {
    try {
      this.fill(statedIn(await untilAnswered(() => get(`/c/${this.code}/record.json`))));
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // erased in this moment: the desk will say so
    }
  }

  async #save() {
    tell(this.error, "");
    this.button.disabled = true;
    const wasOff = this.drafts.isOff;
    try {
      await this.drafts.stop();
      await untilAnswered(() => post(`/c/${this.code}/record`, { ...codedIn(this.form), ...this.#weights() }));
      this.#touched.clear();
      this.onSaved();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.drafts.isOff = wasOff;
      if (error.word === "month_closed") return tell(this.error, say("month_closed"));
      const fields = (error.details["fields"] ?? []).map((/** @type {string} */ name) => this.#labelOf(name));
      tell(this.error, fields.length ? say("record_refused", { fields: fields.join(", ") }) : say("failed"));
    } finally {
      this.button.disabled = false;
    }
  }

  #weights() {
    const boxes = [...this.weights.querySelectorAll("input")];
    return Object.fromEntries(boxes.map((box) => [box.name, box.checked]));
  }

  /** @param {string} name */
  #labelOf(name) {
    const field = this.form.querySelector(`[name="${CSS.escape(name)}"]`);
    const group = field?.closest("fieldset.several")?.querySelector("legend");
    return (group ?? field?.closest("label"))?.firstChild?.textContent?.trim() ?? name;
  }
}
