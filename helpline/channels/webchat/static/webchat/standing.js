// Where one stands, always in sight: in line, told honestly and kept while one is away for a moment; or who is here.

import { element, page, say, word } from "./page.js";
import { isReading } from "./reading.js";

/** @typedef {import("./post.js").Standing} Standing */

const clock = new Intl.DateTimeFormat(page.locale, { hour: "numeric", minute: "2-digit" });

/** @type {{ place: number, minutes: [number, number] | null }} what was told in this wait: it never counts up */
let told = { place: Infinity, minutes: null };

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

/**
 * @param {Standing} standing
 * @returns {string} where one stands, in a sentence
 */
function showWaiting(standing) {
  const { is_left, is_anyone_here, has_return_code } = standing;
  element("left").hidden = !is_left;
  element("waiting").hidden = is_left || isReading();
  if (is_left) {
    say("left-until", word("left_until", { time: clock.format((standing.left_until ?? standing.now) * 1000) }));
    element("left-code").hidden = has_return_code;
    return word("left");
  }
  say("waiting-detail", detail(standing));
  element("nobody-now").hidden = is_anyone_here;
  element("nobody-code").hidden = has_return_code;
  element("pausing").hidden = !is_anyone_here;
  return place(standing);
}

/** Not waiting, or no longer: the next wait is a new one. */
function hideWaiting() {
  element("left").hidden = element("waiting").hidden = true;
  told = { place: Infinity, minutes: null };
}

/** @param {Standing} standing */
function place(standing) {
  if (!standing.is_anyone_here) return word("nobody");
  const now = standing.place ?? Infinity;
  if (now > told.place) return word("overtaken");
  told.place = now;
  return now === 1 ? word("next") : word("place", { place: now });
}

/** @param {Standing} standing */
function detail({ is_anyone_here, has_return_code, is_crowding, is_longer, minutes }) {
  if (!is_anyone_here) return word(has_return_code ? "nobody_code" : "nobody_detail");
  if (is_crowding) return word("crowding");
  if (is_longer) return word("minutes_longer");
  if (minutes && (!told.minutes || minutes[1] < told.minutes[1])) told.minutes = minutes;
  if (!told.minutes) return word("minutes_unknown");
  const [low, high] = told.minutes;
  return high <= 1 ? word("minutes_one") : word("minutes", { low, high });
}
