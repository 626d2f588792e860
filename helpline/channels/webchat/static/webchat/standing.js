// Where one stands, always in sight: in line, or who is in the conversation.

import { say, word } from "./page.js";
import { hideWaiting, showWaiting } from "./waiting.js";

/** @typedef {import("./post.js").Standing} Standing */

/** @param {Standing} standing */
export function showStanding(standing) {
  if (standing.state === "waiting") return say("standing", showWaiting(standing));
  hideWaiting();
  say("standing", [word("with", { name: nameOf(standing) }), ...companions(standing)].join(" "));
}

/**
 * @param {Standing} standing
 * @returns {string}
 */
export function nameOf({ counsellor }) {
  return counsellor || word("specialist");
}

/**
 * With two of staff here nothing says which of them it is.
 *
 * @param {Standing} standing
 */
export function whoWrites(standing) {
  const isAlone = standing.companions.every(({ kind }) => kind === "reading");
  return isAlone ? nameOf(standing) : word("someone");
}

/** @param {Standing} standing */
function companions({ companions: others }) {
  return others.map(({ pseudonym, kind }) => word(kind, { name: pseudonym }));
}
