// The page's own parts: its elements, its sentences, and which section is shown.

/** @typedef {{ line: string, keys: { queue: string, supervisor: string }, language: string, locale: string,
 *   max_bytes: number, can_answer: boolean, english: string[] }} Page english: which sentences are so for want of te reo */

const SECTIONS = ["loading", "start", "return", "gone", "talk", "ended", "erased"];

/** @type {Page} */
export const page = JSON.parse(element("page").textContent ?? "");

/** @type {Record<string, string>} */
const words = JSON.parse(element("words").textContent ?? "");

/** @type {Map<string, { name: string, values: Record<string, string | number> }>} what was said last in these words */
const said = new Map();

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found;
}

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function typed(id, kind) {
  const found = element(id);
  if (!(found instanceof kind)) throw new Error(`another kind of element ${id}`);
  return found;
}

/**
 * A sentence, with its {braces} filled.
 *
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function word(name, values = {}) {
  const sentence = words[name];
  if (sentence === undefined) throw new Error(`no word ${name}`);
  const text = Object.entries(values).reduce((so, [key, value]) => so.replaceAll(`{${key}}`, String(value)), sentence);
  said.set(text, { name, values });
  return text;
}

/**
 * The same in another language from now on (turn.js).
 *
 * @param {Page} freshPage
 * @param {Record<string, string>} freshWords
 */
export function sayAnew(freshPage, freshWords) {
  Object.assign(page, { language: freshPage.language, locale: freshPage.locale, english: freshPage.english });
  Object.assign(words, freshWords);
}

/** @param {string} text whether it is in words of the script */
export function isSaid(text) {
  return said.has(text);
}

/**
 * Whatever stands there in words of the script, in those of now; never what somebody wrote.
 *
 * @param {Node} place
 */
export function respeak(place) {
  if (place instanceof HTMLElement && (place.dir === "auto" || place.matches("textarea, select, script"))) return;
  for (const child of place.childNodes) respeak(child);
  const told = place instanceof Text ? said.get(place.data) : undefined;
  if (!told) return;
  place.textContent = word(told.name, told.values);
  if (place.parentElement) markEnglish(place.parentElement, place.textContent);
}

/**
 * Set a text only when it changes, so that a screen reader does not say it again.
 *
 * @param {string} id
 * @param {string} text
 */
export function say(id, text) {
  const place = element(id);
  if (place.textContent === text) return;
  place.textContent = text;
  markEnglish(place, text);
}

/**
 * A sentence that has no te reo yet is English, and is to be spoken so.
 *
 * @param {HTMLElement} place
 * @param {string} text
 */
function markEnglish(place, text) {
  const told = said.get(text);
  if (told && page.english.includes(told.name)) place.lang = "en";
  else if (place.lang === "en") place.removeAttribute("lang");
}

/** @param {string} name */
export function show(name) {
  for (const section of SECTIONS) element(section).hidden = section !== name;
  scrollTo(0, 0);
  if (name !== "loading") element(`${name}-title`).focus({ preventScroll: true });
}

/** @param {string} name */
export function isShown(name) {
  return !element(name).hidden;
}

/**
 * @param {string} id
 * @param {() => void | Promise<void>} act
 * @param {AbortSignal} [until] for what ends before the page does
 */
export function onPress(id, act, until) {
  element(id).addEventListener("click", () => void act(), until ? { signal: until } : {});
}
