// What a conversation is called here. Nobody has a name, so it is called after when it began.

import { clock, say } from "./words.js";

/** @typedef {import("./api.js").Summary} Summary */

const LETTER_A = 65;
/** What each way is called; the chat where it is none of these. @type {Map<string, string>} */
const WAYS = new Map([["sms", "text"], ["email", "mail"]]);

/**
 * When it began, and a letter where two began in the same minute; the day's list keeps it the same through reloads.
 *
 * @param {Summary} summary
 * @param {Summary[]} others everything on the desk and in the day's list
 */
export function nameOf(summary, others) {
  const time = clock(summary.started_at);
  const all = new Map([...others, summary].map((each) => [each.code, each]));
  const same = [...all.values()].filter((each) => clock(each.started_at) === time);
  const way = WAYS.get(summary.came_by) ?? "chat";
  if (same.length === 1) return say(way, { time });
  same.sort((one, other) => one.started_at - other.started_at);
  const place = same.findIndex((each) => each.code === summary.code);
  return say(way, { time: `${time} ${String.fromCodePoint(LETTER_A + place)}` });
}
