// The guide through a hard contact: sentences to say, and an ending with or without a block.

import { answer } from "./dialogs.js";
import { byId, find } from "./dom.js";

/** @typedef {{ sentence: string } | { kind: string, hours: number }} Way a sentence for the reply
 *   box, or how to end it */

export const SILENT = "silent";

/** @type {Map<string, string>} what each conversation was said to be like, so that the guide goes on where it was */
const chosen = new Map();

/**
 * @param {string} code
 * @returns {Promise<Way | null>} null: keep going
 */
export async function askHowToGoOn(code) {
  const dialog = byId("hard-dialog", HTMLDialogElement);
  const form = find(dialog, "form", HTMLFormElement);
  const controller = new AbortController();
  const until = { signal: controller.signal };
  let sentence = "";
  form.reset();
  for (const radio of radios(form)) {
    radio.checked = radio.value === chosen.get(code);
    radio.addEventListener("change", () => choose(form, code, radio.value), until);
  }
  for (const button of form.querySelectorAll("[data-say]")) {
    button.addEventListener("click", () => (sentence = button.getAttribute("data-say") ?? ""), until);
  }
  show(form, chosen.get(code) ?? "");
  const pressed = await answer(dialog);
  controller.abort();
  const kind = chosen.get(code) ?? "";
  if (pressed === "say") return { sentence };
  if (!kind || !pressed) return null;
  chosen.delete(code);
  const hours = pressed === "block" ? Number(byId("hard-hours", HTMLSelectElement).value) : 0;
  return { kind, hours };
}

/**
 * @param {HTMLFormElement} form
 * @param {string} code
 * @param {string} kind
 */
function choose(form, code, kind) {
  chosen.set(code, kind);
  show(form, kind);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} kind empty: not said yet
 */
function show(form, kind) {
  for (const guide of form.querySelectorAll("[data-guide]")) {
    guide.toggleAttribute("hidden", guide.getAttribute("data-guide") !== kind);
  }
  byId("hard-end", HTMLButtonElement).hidden = !kind;
  for (const id of ["hard-block", "hard-end-block", "hard-counted"]) {
    byId(id, HTMLElement).hidden = !kind || kind === SILENT;
  }
}

/** @param {HTMLFormElement} form */
function radios(form) {
  return [...form.querySelectorAll('input[name="hard-kind"]')].filter((each) => each instanceof HTMLInputElement);
}
