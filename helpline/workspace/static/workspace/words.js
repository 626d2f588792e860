// Every sentence comes from the page (workspace/words.py), where it can be translated.

import { byId } from "./dom.js";

/** @type {Record<string, any>} */
const words = JSON.parse(byId("words", HTMLScriptElement).textContent ?? "{}");

/**
 * @param {string} key
 * @param {Record<string, string | number>} [parts] what `{name}` stands for
 * @returns {string}
 */
export function say(key, parts = {}) {
  const sentence = words[key];
  if (typeof sentence !== "string") throw new Error(key);
  return sentence.replaceAll(/\{(\w+)\}/g, (_whole, name) => String(parts[name] ?? ""));
}

/**
 * @param {string} key the sentence for one is key_one, for more (and none) key_many
 * @param {number} count
 */
export function sayCount(key, count) {
  return say(count === 1 ? `${key}_one` : `${key}_many`, { count });
}

/**
 * @param {string} group
 * @param {string | number} key
 * @returns {string} one word of a list of them
 */
export function oneOf(group, key) {
  return words[group][key] ?? String(key);
}

/**
 * @param {string} language
 * @returns {string} its own name
 */
export function languageName(language) {
  return words["languages"][language] ?? language;
}

/**
 * @param {number} urgency 1 to 4
 * @returns {string} the class in words
 */
export function urgencyName(urgency) {
  return words["urgencies"][urgency] ?? "";
}

/**
 * Time passed, as a counsellor reads it at a glance: 0:42, 12:05, 1:02:00.
 *
 * @param {number} seconds
 */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${hours ? pad(minutes) : minutes}:${pad(rest)}`;
  return hours ? `${hours}:${tail}` : tail;
}

/**
 * The same in words, for whoever hears it.
 *
 * @param {number} seconds
 */
export function spoken(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes ? sayCount("minutes", minutes) : sayCount("seconds", Math.max(0, Math.floor(seconds)));
}

/**
 * A longer time in words, by its largest part: 40 minutes, 3 hours, 2 days.
 *
 * @param {number} seconds
 */
export function lasting(seconds) {
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return sayCount("days", Math.floor(hours / 24));
  return hours ? sayCount("hours", hours) : sayCount("minutes", Math.max(0, Math.floor(seconds / 60)));
}

/**
 * @param {number} at epoch seconds
 * @returns {string} 14:32
 */
export function clock(at) {
  const time = new Date(at * 1000);
  return `${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/**
 * @param {number} at epoch seconds
 * @returns {string} 26 November 2026
 */
export function day(at) {
  return new Date(at * 1000).toLocaleDateString(`${document.documentElement.lang || "en"}-NZ`, { dateStyle: "long" });
}

/** @param {number} number */
function pad(number) {
  return String(number).padStart(2, "0");
}
