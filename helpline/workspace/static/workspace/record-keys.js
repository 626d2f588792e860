// A record by keyboard: a group of boxes is one stop of Tab. Arrows go through it, and a number ticks the box that has it.

import { find } from "./dom.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {HTMLFormElement} form */
export function listenForRecordKeys(form) {
  for (const group of form.querySelectorAll("fieldset.several")) {
    if (group instanceof HTMLFieldSetElement) listenInGroup(group);
  }
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(find(form, "button[data-done]", HTMLButtonElement));
  });
}

/** @param {HTMLFieldSetElement} group */
function listenInGroup(group) {
  const boxes = [...group.querySelectorAll("input")];
  /** @param {HTMLInputElement | undefined} box */
  const stopAt = (box) => {
    for (const each of boxes) each.tabIndex = each === box ? 0 : -1;
  };
  stopAt(boxes[0]);
  group.addEventListener("focusin", ({ target }) => stopAt(boxes.find((box) => box === target)));
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = boxes.findIndex((box) => box === event.target);
    const step = STEPS[event.key];
    if (step) boxes[(at + step + boxes.length) % boxes.length]?.focus();
    else if (boxes[Number(event.key) - 1]) tick(boxes[Number(event.key) - 1]);
    else return;
    event.preventDefault();
  });
}

/** @param {HTMLInputElement | undefined} box */
function tick(box) {
  box?.focus();
  box?.click();
}
