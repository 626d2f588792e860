// The wrap-up form: codes only, each of which may stay "not stated". What was chosen stays until the server has it.

import { get, post, Refused, untilAnswered } from "./api.js";
import { copyOf, find, tell } from "./dom.js";
import { say } from "./words.js";

export class RecordForm {
  isTouched = false;

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
    this.form.addEventListener("change", () => {
      this.isTouched = true;
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
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

  /** Fill in what was recorded before, unless something has been chosen meanwhile. */
  async recall() {
    this.weights.hidden = true; // it was counted with the first record, or was not to be
    const coded = await untilAnswered(() => get(`/c/${this.code}/record.json`));
    if (!this.isTouched) this.fill(coded);
  }

  /** @param {Record<string, string | string[]>} coded what is known already of some fields, or of all */
  fill(coded) {
    for (const field of this.#fields()) {
      const value = coded[field.name];
      if (value === undefined) continue;
      if (field instanceof HTMLSelectElement) field.value = String(value);
      else field.checked = value.includes(field.value);
    }
  }

  async #save() {
    tell(this.error, "");
    this.button.disabled = true;
    try {
      await untilAnswered(() => post(`/c/${this.code}/record`, { ...this.#coded(), ...this.#weights() }));
      this.isTouched = false;
      this.onSaved();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
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

  /** @returns {Record<string, string | string[]>} */
  #coded() {
    /** @type {Record<string, string | string[]>} */
    const coded = {};
    for (const field of this.#fields()) {
      if (field instanceof HTMLSelectElement) {
        coded[field.name] = field.value;
        continue;
      }
      const chosen = coded[field.name] ?? [];
      coded[field.name] = field.checked ? [...chosen, field.value] : [...chosen];
    }
    return coded;
  }

  /** @returns {(HTMLSelectElement | HTMLInputElement)[]} */
  #fields() {
    return [...this.form.querySelectorAll("select, input:not([data-weight])")].filter(
      (field) => field instanceof HTMLSelectElement || field instanceof HTMLInputElement,
    );
  }

  /** @param {string} name */
  #labelOf(name) {
    const field = this.form.querySelector(`[name="${CSS.escape(name)}"]`);
    const group = field?.closest("fieldset.several")?.querySelector("legend");
    return (group ?? field?.closest("label"))?.firstChild?.textContent?.trim() ?? name;
  }
}
