// Signing in and unlocking. The passphrase never leaves this page: a secret derived from it signs in, another opens the key.

import { b64urlDecode } from "../vault/codes.js";
import { signInSecret, stretch, unwrapStaffSeed } from "../vault/passphrase.js";
import { CannotOpen } from "../vault/sealing.js";
import { get, post, Refused, untilAnswered, useToken } from "./api.js";
import { byId, tell } from "./dom.js";
import { Keyring } from "./keyring.js";
import { furnishMenu } from "./menu.js";
import { openWithPasskey, canUsePasskeys, seedFrom, usePasskey } from "./passkey.js";
import { givenByProvider, goToProvider, showWhatWasGiven, WORDS as OF_PROVIDER } from "./provider.js";
import { sentenceOf } from "./refusals.js";
import { takeSecondStep } from "./second-step.js";
import { say } from "./words.js";

/** @typedef {import("./api.js").Keys} Keys */

const door = byId("door", HTMLElement);
const title = byId("door-title", HTMLElement);
const form = byId("door-form", HTMLFormElement);
const username = byId("username", HTMLInputElement);
const passphrase = byId("passphrase", HTMLInputElement);
const button = byId("door-button", HTMLButtonElement);
const withPasskey = byId("door-passkey", HTMLButtonElement);
const withProvider = document.getElementById("door-provider"); // where the operator has named one
const error = byId("door-error", HTMLElement);
const notice = byId("notice", HTMLElement);
const progress = byId("door-progress", HTMLElement);
const otherTabs = new BroadcastChannel("desk");
const reveal = byId("reveal", HTMLButtonElement);

/** @type {Keys | null} whose desk is only locked; null when somebody must sign in */
let locked = null;

/**
 * Find out who this is, and wait until they have opened their key. Whoever may hold no words stays here.
 *
 * @param {string} [note] why one has to sign in again
 * @returns {Promise<Keyring>}
 */
export async function passDoor(note = "") {
  form.hidden = true; // what is asked depends on the answer, and nothing typed may vanish
  door.hidden = false;
  const given = givenByProvider();
  locked = note || given ? null : await whoIsHere();
  if (locked && leavesToDrawWords(locked)) return new Promise(() => {});
  if (locked && !locked.me.holds_words) return showNoDesk(locked);
  showForm(note);
  return new Promise((resolve) => {
    /** @param {() => Promise<Keyring | null>} way */
    const pass = async (way) => {
      const keyring = await tryToPass(way);
      if (!keyring) return;
      form.onsubmit = withPasskey.onclick = null;
      passphrase.value = ""; // else whoever finds the desk finds it here
      door.hidden = true;
      resolve(keyring);
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      void pass(() => (locked ? unlock(locked) : signIn()));
    };
    withPasskey.onclick = () => void pass(() => (locked ? unlockWithPasskey(locked) : signInWithPasskey()));
    if (withProvider) withProvider.onclick = () => void pass(leaveForProvider);
    if (given) void pass(() => signInWithProvider(given));
  });
}

/** @returns {Promise<Keys | null>} */
async function whoIsHere() {
  try {
    const ask = () => get("/keys.json");
    return await untilAnswered(ask, () => tell(notice, say("unreachable")));
  } catch (refusal) {
    if (refusal instanceof Refused) return null;
    throw refusal;
  } finally {
    tell(notice, "");
  }
}

/** @param {string} note */
function showForm(note) {
  form.hidden = false;
  form.classList.toggle("locked", Boolean(locked));
  byId("door-name", HTMLElement).hidden = Boolean(locked);
  username.required = !locked;
  byId("door-other", HTMLButtonElement).hidden = !locked;
  withPasskey.hidden = !canUsePasskeys() || (locked !== null && !locked.passkeys.length);
  tell(title, say(locked ? "title_unlock" : "title_sign_in"));
  tell(byId("door-hello", HTMLElement), locked ? say("hello", { name: locked.me.name }) : note);
  passphrase.value = "";
  (locked || username.value ? passphrase : username).focus();
}

/**
 * @param {() => Promise<Keyring | null>} way
 * @returns {Promise<Keyring | null>}
 */
async function tryToPass(way) {
  if (button.disabled) return null;
  button.disabled = true;
  tell(error, "");
  tell(progress, say("working"));
  try {
    return await way();
  } catch (refusal) {
    tell(error, sentenceOf(refusal, ["wrong", "wrong_passkey", "too_late", ...OF_PROVIDER]));
    passphrase.focus();
    passphrase.select();
    return null;
  } finally {
    button.disabled = false;
    tell(progress, "");
  }
}

/** @param {Keys} keys */
async function unlock(keys) {
  return Keyring.unlock(keys, await stretch(passphrase.value, b64urlDecode(keys.salt)));
}

async function signIn() {
  const name = username.value.trim();
  const { salt } = await post("/sign-in/salt", { username: name });
  const stretched = await stretch(passphrase.value, b64urlDecode(salt));
  const first = await post("/sign-in", { username: name, secret: await signInSecret(stretched) });
  useToken(first.token);
  const open = (/** @type {Keys} */ came) => unwrapStaffSeed(stretched, b64urlDecode(came.wrapped), came.me.code);
  const keys = await atSecondStep(() => takeSecondStep(first, name, open));
  if (leavesToDrawWords(keys)) return null;
  return keys.me.holds_words ? Keyring.unlock(keys, stretched) : showNoDesk(keys);
}

/**
 * Words that a command has printed open one page, on which one draws one's own.
 *
 * @param {Keys} keys
 */
function leavesToDrawWords({ me }) {
  if (me.must_draw_words) location.replace("/account/passphrase");
  return me.must_draw_words;
}

/** @param {() => Promise<Keys>} take */
async function atSecondStep(take) {
  form.hidden = true;
  tell(progress, "");
  try {
    return await take();
  } catch (refusal) {
    form.hidden = false;
    tell(title, say("title_sign_in"));
    if (refusal instanceof Refused && refusal.word === "signed_out") throw new Refused("too_late", {});
    throw refusal;
  }
}

/** One touch signs in and opens the keys; or signs in alone, where the device gives no secret. */
async function signInWithPasskey() {
  tell(progress, "");
  const passkey = await usePasskey((await post("/sign-in/passkey/ask")).options);
  /** @type {Keys & { token: string }} */
  const keys = await post("/sign-in/passkey", { answer: passkey.answer });
  useToken(keys.token);
  if (leavesToDrawWords(keys)) return null;
  if (!keys.me.holds_words) return showNoDesk(keys);
  try {
    return new Keyring(keys, await seedFrom(keys, passkey));
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    return askForKeys(keys, "passkey_opens_nothing");
  }
}

async function leaveForProvider() {
  tell(progress, "");
  await goToProvider("/sign-in/provider/ask");
  return null;
}

/**
 * It stands for the passphrase at the first step, and for nothing else.
 *
 * @param {import("./provider.js").Given} given
 */
async function signInWithProvider(given) {
  const first = await showWhatWasGiven(given);
  if (first.is_linked) {
    location.replace("/account/");
    return null;
  }
  useToken(first.token);
  const open = () => Promise.reject(new CannotOpen()); // nobody is led to a second step from here
  const keys = await atSecondStep(() => takeSecondStep(first, first.name, open));
  if (leavesToDrawWords(keys)) return null;
  return keys.me.holds_words ? askForKeys(keys, "provider_opens_nothing") : showNoDesk(keys);
}

/**
 * Signed in, and the keys still shut.
 *
 * @param {Keys} keys
 * @param {string} why
 * @returns {null}
 */
function askForKeys(keys, why) {
  locked = keys;
  showForm("");
  tell(byId("door-hello", HTMLElement), say(why));
  return null;
}

/** @param {Keys} keys */
async function unlockWithPasskey(keys) {
  tell(progress, "");
  return new Keyring(keys, await openWithPasskey(keys));
}

/**
 * @param {Keys} keys
 * @returns {Promise<never>}
 */
function showNoDesk({ me }) {
  form.hidden = true;
  tell(title, say("title_no_desk"));
  byId("no-desk", HTMLElement).hidden = false;
  tell(byId("no-desk-name", HTMLElement), me.name);
  tell(byId("no-desk-role", HTMLElement), me.role);
  furnishMenu(me.role_code);
  byId("no-desk-out", HTMLButtonElement).focus();
  return new Promise(() => {}); // until they sign out, which loads the page anew
}

/** End the session, for all tabs of this browser. */
export async function signOut() {
  await untilAnswered(() => post("/sign-out")).catch(() => {}); // refused: signed out already
  otherTabs.postMessage("signed out");
  location.reload();
}

otherTabs.addEventListener("message", () => location.reload());
byId("door-other", HTMLButtonElement).addEventListener("click", signOut);
byId("no-desk-out", HTMLButtonElement).addEventListener("click", signOut);
reveal.addEventListener("click", () => {
  const isShown = passphrase.type === "password";
  passphrase.type = isShown ? "text" : "password";
  reveal.setAttribute("aria-pressed", String(isShown));
  passphrase.focus();
});
