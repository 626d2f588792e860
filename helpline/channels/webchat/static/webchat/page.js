// The page's own parts: its elements, its sentences, and which section is shown.

/** @typedef {{ line: string, keys: { queue: string, supervisor: string }, language: string, locale: string,
 *   max_bytes: number, can_answer: boolean }} Page */

const SECTIONS = ["loading", "start", "return", "gone", "talk", "ended", "erased"];

/** @type {Page} */
export const page = JSON.parse(element("page").textContent ?? "");

/** @type {Record<string, string>} */
const words = JSON.parse(element("words").textContent ?? "");

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
  return Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, String(value)), sentence);
}

/**
 * Set a text only when it changes, so that a screen reader does not say it again.
 *
 * @param {string} id
 * @param {string} text
 */
export function say(id, text) {
  const place = element(id);
  if (place.textContent !== text) place.textContent = text;
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
