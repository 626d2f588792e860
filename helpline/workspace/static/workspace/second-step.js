// The second step of coming in: a code from an app; or, the first time, setting up that app.

import { Away, post, Refused, useToken } from "./api.js";
import { byId, find, tell } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./api.js").Keys} Keys */
/** @typedef {Keys & { token: string }} CameIn */
/** @typedef {{ next: "code" | "enrol", has_app: boolean, has_passkey: boolean,
 *   demonstration_code?: string | null }} FirstAnswer */

const WORDS = ["wrong_code", "factor_unreadable"]; // of the server's, that have a sentence here
const title = byId("door-title", HTMLElement);

/**
 * @param {FirstAnswer} first
 * @param {string} name as typed
 * @returns {Promise<Keys>} throws Refused("signed_out") when too much time went by
 */
export async function takeSecondStep(first, name) {
  const came = first.next === "enrol" ? await enrol() : await askForCode(first, name);
  useToken(came.token);
  return came;
}

/**
 * @param {FirstAnswer} first
 * @param {string} name
 * @returns {Promise<CameIn>}
 */
async function askForCode(first, name) {
  const code = byId("code", HTMLInputElement);
  tell(title, say("title_code"));
  code.value = "";
  showDemonstrationCode(first, name);
  return untilTaken("code-form", code, async () => {
    try {
      return await post("/sign-in/code", { code: code.value });
    } catch (refusal) {
      if (refusal instanceof Refused) showDemonstrationCode(refusal.details, name);
      throw refusal;
    }
  });
}

/**
 * @param {{ demonstration_code?: string | null }} answer
 * @param {string} name
 */
function showDemonstrationCode({ demonstration_code: code }, name) {
  if (code === undefined) return;
  const sentence = code ? say("demonstration_code", { name, code }) : say("demonstration_no_code");
  tell(byId("code-demonstration", HTMLElement), sentence);
}

/** @returns {Promise<CameIn>} */
async function enrol() {
  const code = byId("enrol-code", HTMLInputElement);
  tell(title, say("title_enrol"));
  code.value = "";
  showSquare(await post("/sign-in/app"));
  const came = await untilTaken("enrol-form", title, () => post("/sign-in/app/confirm", { code: code.value }), {
    wrong_code: "wrong_first_code",
  });
  await showRecoveryCodes(came.recovery_codes);
  return came;
}

/** @param {{ secret: string, square: { size: number, path: string } }} app */
export function showSquare({ secret, square }) {
  const svg = /** @type {SVGElement} */ (/** @type {unknown} */ (document.getElementById("enrol-square")));
  const margin = 4; // modules of quiet around it, as the standard asks
  const side = square.size + 2 * margin;
  svg.setAttribute("viewBox", `${-margin} ${-margin} ${side} ${side}`);
  svg.querySelector("path")?.setAttribute("d", square.path);
  tell(byId("enrol-secret", HTMLElement), secret.replaceAll(/(.{4})(?=.)/g, "$1 "));
}

/**
 * @param {string[]} codes
 * @returns {Promise<void>}
 */
async function showRecoveryCodes(codes) {
  tell(title, say("title_codes"));
  const items = codes.map((code) => {
    const item = document.createElement("li");
    item.textContent = code;
    return item;
  });
  const list = byId("codes", HTMLElement);
  list.replaceChildren(...items);
  await untilTaken("codes-form", list, async () => {});
  list.replaceChildren();
}

/**
 * Show a form until what is sent from it is taken. What was typed stays while it is not.
 *
 * @template T
 * @param {string} id of a form
 * @param {HTMLElement} first what to put the focus on
 * @param {() => Promise<T>} send
 * @param {Record<string, string>} [sentences] where a refusal has another sentence here
 * @returns {Promise<T>} throws Refused("signed_out")
 */
function untilTaken(id, first, send, sentences = {}) {
  const form = byId(id, HTMLFormElement);
  const button = find(form, "button.button", HTMLButtonElement);
  const error = find(form, ".error", HTMLElement);
  form.hidden = false;
  first.focus();
  return new Promise((resolve, reject) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      tell(error, "");
      try {
        resolve(await send());
        form.hidden = true;
      } catch (refusal) {
        if (refusal instanceof Refused && refusal.word === "signed_out") {
          form.hidden = true;
          return reject(refusal);
        }
        tell(error, sentenceOf(refusal, WORDS, sentences));
        find(form, "input", HTMLInputElement).select();
      } finally {
        button.disabled = false;
      }
    };
  });
}

/**
 * @param {unknown} refusal
 * @param {string[]} known words of the server that have a sentence of their own
 * @param {Record<string, string>} [sentences]
 * @returns {string}
 */
export function sentenceOf(refusal, known, sentences = {}) {
  if (refusal instanceof Away) return say(refusal.word === "keys_away" ? "keys_away" : "failed_away");
  if (!(refusal instanceof Refused)) throw refusal;
  if (refusal.word === "slow") return say("slow", { seconds: Math.ceil(refusal.details["seconds"]) });
  return say(known.includes(refusal.word) ? (sentences[refusal.word] ?? refusal.word) : "failed");
}

for (const button of document.querySelectorAll("[data-back]")) {
  button.addEventListener("click", () => location.reload());
}
