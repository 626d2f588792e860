// Questions that wait for an answer: end it? sign out? which keys?

import { byId, copyOf, find, tell } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./api.js").Colleague} Colleague */

/** @returns {Promise<boolean>} */
export async function askToClose() {
  return (await answer(byId("close-dialog", HTMLDialogElement))) === "yes";
}

/** @returns {Promise<boolean>} */
export async function askToLeave() {
  return (await answer(byId("leave-dialog", HTMLDialogElement))) === "yes";
}

/** @returns {Promise<unknown>} */
export async function showHelp() {
  return answer(byId("help-dialog", HTMLDialogElement));
}

/** @returns {boolean} whether a question is open, which then has the keyboard to itself */
export function isAsking() {
  return document.querySelector("dialog[open]") !== null;
}

/** As if cancelled. A colleague's words in one are not left on the page. */
export function closeQuestions() {
  for (const dialog of /** @type {NodeListOf<HTMLDialogElement>} */ (document.querySelectorAll("dialog[open]"))) dialog.close();
  byId("disclosure-text", HTMLElement).textContent = "";
}

/**
 * @param {HTMLElement} list
 * @param {Colleague[]} colleagues
 */
export function showColleagues(list, colleagues) {
  const items = colleagues.map((each, place) => {
    const item = copyOf("colleague-template");
    const choice = find(item, "input", HTMLInputElement);
    choice.value = each.code;
    choice.checked = place === 0; // the least busy
    tell(find(item, ".colleague-name", HTMLElement), each.name);
    tell(find(item, ".soft", HTMLElement), say("load", { count: each.load, capacity: each.capacity }));
    return item;
  });
  list.replaceChildren(...items);
}

/**
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>} the value of the button pressed; empty for Esc
 */
export function answer(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}
