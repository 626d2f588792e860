// Questions that wait for an answer: end it? hand over to whom? which keys?

import { get, untilAnswered } from "./api.js";
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

/**
 * @param {string} code
 * @param {string} note said first, when a colleague chosen before was no longer free
 * @returns {Promise<Colleague | null>}
 */
export async function askForColleague(code, note) {
  const dialog = byId("transfer-dialog", HTMLDialogElement);
  /** @type {{ colleagues: Colleague[] }} */
  const { colleagues } = await untilAnswered(() => get(`/c/${code}/colleagues.json`));
  showColleagues(colleagues);
  tell(byId("colleagues-note", HTMLElement), colleagues.length ? note : say("nobody_free"));
  byId("transfer-yes", HTMLButtonElement).disabled = colleagues.length === 0;
  if ((await answer(dialog)) !== "yes") return null;
  const chosen = dialog.querySelector('input[name="to"]:checked');
  return colleagues.find((each) => chosen instanceof HTMLInputElement && each.code === chosen.value) ?? null;
}

/** @param {Colleague[]} colleagues */
function showColleagues(colleagues) {
  const items = colleagues.map((each, place) => {
    const item = copyOf("colleague-template");
    const choice = find(item, "input", HTMLInputElement);
    choice.value = each.code;
    choice.checked = place === 0; // the least busy
    tell(find(item, ".colleague-name", HTMLElement), each.name);
    tell(find(item, ".soft", HTMLElement), say("load", { count: each.load, capacity: each.capacity }));
    return item;
  });
  byId("colleagues", HTMLElement).replaceChildren(...items);
}

/**
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>} the value of the button pressed; empty for Esc
 */
function answer(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}
