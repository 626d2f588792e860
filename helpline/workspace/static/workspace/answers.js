// Ready answers: found by typing, picked by keyboard, and put into the reply to be changed there.

import { get, untilAnswered } from "./api.js";
import { answer } from "./dialogs.js";
import { byId, tell } from "./dom.js";
import { say } from "./words.js";

/** @typedef {{ title: string, text: string, language: string }} ReadyAnswer */

const dialog = byId("answers-dialog", HTMLDialogElement);
const box = byId("answers-find", HTMLInputElement);
const list = byId("answers", HTMLElement);
const none = byId("answers-none", HTMLElement);

/** @type {ReadyAnswer[]} */
let all = [];
/** @type {ReadyAnswer[]} */
let found = [];
let place = 0;

/**
 * @param {string} code of the conversation
 * @returns {Promise<string>} what was picked; empty when nothing was
 */
export async function pickAnswer(code) {
  all = (await untilAnswered(() => get(`/c/${code}/answers.json`))).answers;
  box.value = "";
  look();
  const pressed = await answer(dialog);
  return pressed === "yes" ? (found[place]?.text ?? "") : "";
}

function look() {
  const wanted = box.value.trim().toLowerCase();
  found = all.filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(wanted));
  list.replaceChildren(...found.map(optionOf));
  tell(none, found.length ? "" : say(all.length ? "answers_none_like" : "answers_none"));
  list.hidden = !found.length;
  mark(0);
}

/**
 * @param {ReadyAnswer} ready
 * @param {number} at
 */
function optionOf({ title, text, language }, at) {
  const option = document.createElement("li");
  option.id = `answer-${at}`;
  option.setAttribute("role", "option");
  const name = document.createElement("strong");
  name.textContent = title;
  const words = document.createElement("span");
  words.textContent = text;
  words.lang = language;
  words.dir = "auto";
  option.append(name, words);
  option.addEventListener("click", () => mark(at));
  option.addEventListener("dblclick", () => dialog.close("yes"));
  return option;
}

/** @param {number} at */
function mark(at) {
  place = at;
  [...list.children].forEach((option, each) => option.setAttribute("aria-selected", String(each === at)));
  if (found.length) box.setAttribute("aria-activedescendant", `answer-${at}`);
  else box.removeAttribute("aria-activedescendant");
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

box.addEventListener("input", look);
box.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !found.length) return;
  event.preventDefault();
  mark((place + step + found.length) % found.length);
});
