// What one's courses are about to take away, or have taken: said on one's own desk, in a sentence each.

import { Away, get, Refused } from "./api.js";
import { byId } from "./dom.js";
import { say } from "./words.js";

/** @typedef {{ course: string, standing: "soon" | "expired" | "missing", on: string, not_offered: string[] }} Due */

const AGAIN_MS = 3_600_000; // a day ends while a desk is open

/** From now on, as long as the desk is open. */
export function watchTraining() {
  void show();
  setInterval(() => void show(), AGAIN_MS);
}

async function show() {
  try {
    /** @type {{ due: Due[] }} */
    const { due } = await get("/training.json");
    const list = byId("training", HTMLUListElement);
    list.replaceChildren(...due.map(sentenceOf));
    list.hidden = !due.length;
  } catch (error) {
    if (!(error instanceof Away || error instanceof Refused)) throw error; // said elsewhere; the next hour asks again
  }
}

/** @param {Due} due */
function sentenceOf({ course, standing, on, not_offered: notOffered }) {
  const item = document.createElement("li");
  item.className = standing;
  item.textContent = say(`training_${standing}`, { course, on, what: notOffered.join(", ") });
  return item;
}
