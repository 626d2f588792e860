// Taking new words: the old ones open the key here, new ones close it here, and the server gets what opens nothing.

import { b64urlDecode, b64urlEncode, randomBytes } from "../vault/codes.js";
import { newPassphrase, signInSecret, stretch, unwrapStaffSeed, wrapStaffSeed } from "../vault/passphrase.js";
import { CannotOpen } from "../vault/sealing.js";
import { normalise } from "../vault/words.js";
import { Away, get, post, Refused } from "./api.js";
import { byId, tell } from "./dom.js";
import { whenIdle } from "./idle.js";
import { say } from "./words.js";

const SALT_BYTES = 16;
const KNOWN = ["wrong", "taken", "slow", "signed_out"];

const oldForm = byId("old-form", HTMLFormElement);
const old = byId("old", HTMLInputElement);
const drawn = byId("drawn", HTMLElement);
const written = byId("written", HTMLButtonElement);
const checkForm = byId("check-form", HTMLFormElement);
const typed = byId("typed", HTMLInputElement);

/** @type {{ words: string, body: object } | null} in this page's memory alone, until it is left */
let ready = null;
let isBusy = false;

/**
 * One thing at a time; what goes wrong is said beside it, and what was typed stays.
 *
 * @param {"old" | "check"} place
 * @param {() => Promise<void>} work
 */
async function attempt(place, work) {
  if (isBusy) return;
  isBusy = true;
  tell(byId(`${place}-error`, HTMLElement), "");
  tell(byId(`${place}-progress`, HTMLElement), say("working"));
  try {
    await work();
  } catch (refusal) {
    tell(byId(`${place}-error`, HTMLElement), sentenceFor(refusal));
  } finally {
    isBusy = false;
    tell(byId(`${place}-progress`, HTMLElement), "");
  }
}

/** @param {unknown} refusal */
function sentenceFor(refusal) {
  if (refusal instanceof CannotOpen) return say("wrong");
  if (refusal instanceof Refused && KNOWN.includes(refusal.word)) return say(refusal.word);
  if (refusal instanceof Refused || refusal instanceof Away) return say("away");
  throw refusal;
}

async function draw() {
  const { me, salt, wrapped } = await get("/keys.json");
  const before = await stretch(old.value, b64urlDecode(salt));
  const seed = await unwrapStaffSeed(before, b64urlDecode(wrapped), me.code);
  const words = await newPassphrase();
  const fresh = randomBytes(SALT_BYTES);
  const after = await stretch(words, fresh);
  const body = {
    secret: await signInSecret(before),
    new_secret: await signInSecret(after),
    salt: b64urlEncode(fresh),
    wrapped: b64urlEncode(await wrapStaffSeed(after, seed, me.code)),
  };
  ready = { words, body };
  old.value = "";
  oldForm.hidden = true;
  drawn.hidden = false;
  showWords(true);
  drawn.focus();
}

/** @param {boolean} isShown either the words, or the box to type them into: nobody copies them from the screen */
function showWords(isShown) {
  tell(byId("words-drawn", HTMLElement), isShown && ready ? ready.words : "");
  written.hidden = !isShown;
  checkForm.hidden = isShown;
  if (!isShown) typed.focus();
}

async function take() {
  if (!ready) return;
  if (normalise(typed.value) !== ready.words) {
    tell(byId("check-error", HTMLElement), say("not_the_same"));
    typed.focus();
    return;
  }
  await post("/account/passphrase/renew", ready.body);
  ready = null;
  typed.value = "";
  drawn.hidden = true;
  const done = byId("done", HTMLElement);
  done.hidden = false;
  done.focus();
}

oldForm.addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt("old", draw);
});
checkForm.addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt("check", take);
});
whenIdle(() => {
  if (ready || old.value) location.reload(); // which forgets both; the old words still count
});
written.addEventListener("click", () => showWords(false));
byId("again", HTMLButtonElement).addEventListener("click", () => {
  showWords(true);
  written.focus();
});

oldForm.hidden = false; // only now: sent without this script, it would load the page again and lose what was typed
