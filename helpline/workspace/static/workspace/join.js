// Taking up an invitation: the passphrase and every key are made here, and the server gets what opens nothing.

import { b64urlEncode, randomBytes } from "../vault/codes.js";
import { newPassphrase, signInSecret, stretch, wrapStaffSeed } from "../vault/passphrase.js";
import { generateSeed, publicKeyOf } from "../vault/sealing.js";
import { publicOf, signingSeed } from "../vault/signing.js";
import { normalise } from "../vault/words.js";
import { Away, post, Refused } from "./api.js";
import { byId, tell } from "./dom.js";
import { say } from "./words.js";

/** @typedef {{ code: string, name: string, username: string, pseudonym: string, role: string, lines: string[] }} Invited */

const SALT_BYTES = 16;
const SENTENCES = { unknown: "unknown", taken: "name_taken", malformed: "unknown" };

const wordsForm = byId("words-form", HTMLFormElement);
const six = byId("six", HTMLInputElement);
const wordsError = byId("words-error", HTMLElement);
const invitedPart = byId("invited", HTMLElement);
const passphrase = byId("passphrase", HTMLElement);
const written = byId("written", HTMLButtonElement);
const checkForm = byId("check-form", HTMLFormElement);
const typed = byId("typed", HTMLInputElement);
const checkError = byId("check-error", HTMLElement);
const progress = byId("check-progress", HTMLElement);
const make = byId("make", HTMLButtonElement);

/** @type {Invited | null} */
let invited = null;
let secretWords = "";
/** @type {object | null} the keys once made: the same again where an answer was lost */
let made = null;

wordsForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  tell(wordsError, "");
  try {
    invited = await post("/join/look", { words: six.value });
    secretWords = await newPassphrase();
  } catch (refusal) {
    tell(wordsError, sentenceFor(refusal));
    six.focus();
    return;
  }
  if (invited) greet(invited);
});

/** @param {Invited} who */
function greet({ name, role, username, lines, pseudonym }) {
  wordsForm.hidden = true;
  invitedPart.hidden = false;
  tell(byId("invited-title", HTMLElement), say("invited", { name, role, username }));
  tell(byId("invited-lines", HTMLElement), lines.length ? say("on_lines", { lines: lines.join(", "), pseudonym }) : "");
  showWords(true);
  invitedPart.focus();
}

/** @param {boolean} isShown either the words, or the box to type them into: nobody copies them from the screen */
function showWords(isShown) {
  tell(passphrase, isShown ? secretWords : "");
  written.hidden = !isShown;
  checkForm.hidden = isShown;
  if (!isShown) typed.focus();
}

written.addEventListener("click", () => showWords(false));
byId("again", HTMLButtonElement).addEventListener("click", () => {
  tell(checkError, "");
  showWords(true);
  written.focus();
});

checkForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (make.disabled || !invited) return;
  if (normalise(typed.value) !== secretWords) {
    tell(checkError, say("not_the_same"));
    typed.focus();
    return;
  }
  make.disabled = true;
  tell(checkError, "");
  tell(progress, say("working"));
  try {
    made ??= await makeKeys(invited.code);
    await post("/join/take", { words: six.value, code: invited.code, ...made });
    finish();
  } catch (refusal) {
    tell(checkError, sentenceFor(refusal));
  } finally {
    make.disabled = false;
    tell(progress, "");
  }
});

/**
 * What the account stores. The seed, and what the passphrase yields to wrap it, stay in this function.
 *
 * @param {string} code the person's own, from now on
 */
async function makeKeys(code) {
  const salt = randomBytes(SALT_BYTES);
  const seed = generateSeed();
  const stretched = await stretch(secretWords, salt);
  return {
    salt: b64urlEncode(salt),
    public_key: b64urlEncode(await publicKeyOf(seed)),
    signing_key: b64urlEncode(await publicOf(await signingSeed(seed))),
    wrapped: b64urlEncode(await wrapStaffSeed(stretched, seed, code)),
    secret: await signInSecret(stretched),
  };
}

function finish() {
  secretWords = typed.value = six.value = "";
  invitedPart.hidden = true;
  const joined = byId("joined", HTMLElement);
  joined.hidden = false;
  joined.focus();
}

/** @param {unknown} refusal */
function sentenceFor(refusal) {
  if (refusal instanceof Away) return say("failed_away");
  if (!(refusal instanceof Refused)) throw refusal;
  return say(SENTENCES[/** @type {keyof typeof SENTENCES} */ (refusal.word)] ?? "failed");
}

wordsForm.hidden = false;
six.focus();
