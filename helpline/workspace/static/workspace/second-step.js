// The second step of coming in: a code from an app; or, the first time, setting up that app.

import { b64urlEncode } from "../vault/codes.js";
import { wrapStaffSeed } from "../vault/passkey.js";
import { post, Refused, useToken } from "./api.js";
import { byId, find, tell } from "./dom.js";
import { showCodes, showSquare } from "./factor-view.js";
import { canUsePasskeys, makePasskey } from "./passkey.js";
import { sentenceOf } from "./refusals.js";
import { say } from "./words.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./api.js").Keys} Keys */
/** @typedef {Keys & { token: string }} CameIn */
/** @typedef {{ next: "code" | "enrol", has_app: boolean, has_passkey: boolean,
 *   demonstration_code?: string | null }} FirstAnswer */

const WORDS = ["wrong_code", "wrong_passkey", "factor_unreadable"]; // of the server's, that have a sentence here
const title = byId("door-title", HTMLElement);

/**
 * @param {FirstAnswer} first
 * @param {string} name as typed
 * @param {(keys: Keys) => Promise<Bytes>} open their seed, once the server has given what it is wrapped in
 * @returns {Promise<Keys>} throws Refused("signed_out") when too much time went by
 */
export async function takeSecondStep(first, name, open) {
  const came = first.next === "enrol" ? await enrol(open) : await askForCode(first, name);
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

/**
 * @param {(keys: Keys) => Promise<Bytes>} open
 * @returns {Promise<CameIn>}
 */
async function enrol(open) {
  const code = byId("enrol-code", HTMLInputElement);
  const withPasskey = byId("enrol-passkey", HTMLButtonElement);
  tell(title, say("title_enrol"));
  code.value = "";
  withPasskey.hidden = !canUsePasskeys();
  showSquare(await post("/sign-in/app"));
  const came = await untilTaken("enrol-form", title, async (pressed) => {
    if (pressed === withPasskey) return enrolPasskey(open);
    return post("/sign-in/app/confirm", { code: code.value });
  }, { wrong_code: "wrong_first_code" });
  await showRecoveryCodes(came.recovery_codes);
  return came;
}

/**
 * @param {(keys: Keys) => Promise<Bytes>} open
 * @returns {Promise<CameIn & { recovery_codes: string[] }>}
 */
async function enrolPasskey(open) {
  const { options } = await post("/sign-in/passkey/new");
  const { answer, secret } = await makePasskey(options);
  const came = await post("/sign-in/passkey/enrol", { answer, name: say("first_passkey") });
  useToken(came.token);
  if (secret) await letItOpen(came.passkey, secret, await open(came), came.me.code);
  return came;
}

/**
 * @param {string} passkey its code
 * @param {Bytes} secret
 * @param {Bytes} seed
 * @param {string} userCode
 */
export async function letItOpen(passkey, secret, seed, userCode) {
  const wrapped = b64urlEncode(await wrapStaffSeed(secret, seed, userCode));
  await post(`/account/passkeys/${passkey}/wrap`, { wrapped });
}

/**
 * @param {string[]} codes
 * @returns {Promise<void>}
 */
async function showRecoveryCodes(codes) {
  tell(title, say("title_codes"));
  showCodes(codes);
  await untilTaken("codes-form", byId("codes", HTMLElement), async () => {});
  showCodes([]);
}

/**
 * Show a form until what is sent from it is taken. What was typed stays while it is not.
 *
 * @template T
 * @param {string} id of a form
 * @param {HTMLElement} first what to put the focus on
 * @param {(pressed: HTMLElement | null) => Promise<T>} send
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
        resolve(await send(event.submitter));
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

for (const button of document.querySelectorAll("[data-back]")) {
  button.addEventListener("click", () => location.reload());
}
