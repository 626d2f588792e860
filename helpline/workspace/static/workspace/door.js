// Signing in and unlocking. The passphrase never leaves this page: a secret derived from it signs in, another opens the key.

import { b64urlDecode } from "../vault/codes.js";
import { signInSecret, stretch } from "../vault/passphrase.js";
import { CannotOpen } from "../vault/sealing.js";
import { get, post, Refused, untilAnswered, useToken } from "./api.js";
import { byId, tell } from "./dom.js";
import { Keyring } from "./keyring.js";
import { furnishMenu } from "./menu.js";
import { sentenceOf, takeSecondStep } from "./second-step.js";
import { say } from "./words.js";

/** @typedef {import("./api.js").Keys} Keys */

const door = byId("door", HTMLElement);
const title = byId("door-title", HTMLElement);
const form = byId("door-form", HTMLFormElement);
const username = byId("username", HTMLInputElement);
const passphrase = byId("passphrase", HTMLInputElement);
const button = byId("door-button", HTMLButtonElement);
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
  locked = note ? null : await whoIsHere();
  if (locked && !locked.me.holds_words) return showNoDesk(locked);
  showForm(note);
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      const keyring = await tryToPass();
      if (!keyring) return;
      form.onsubmit = null;
      door.hidden = true;
      resolve(keyring);
    };
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
  tell(title, say(locked ? "title_unlock" : "title_sign_in"));
  tell(byId("door-hello", HTMLElement), locked ? say("hello", { name: locked.me.name }) : note);
  passphrase.value = "";
  (locked || username.value ? passphrase : username).focus();
}

/** @returns {Promise<Keyring | null>} */
async function tryToPass() {
  if (button.disabled) return null;
  button.disabled = true;
  tell(error, "");
  tell(progress, say("working"));
  try {
    return await (locked ? unlock(locked) : signIn());
  } catch (refusal) {
    tell(error, sentenceFor(refusal));
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
  const keys = await atSecondStep(() => takeSecondStep(first, name));
  return keys.me.holds_words ? Keyring.unlock(keys, stretched) : showNoDesk(keys);
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

/** @param {unknown} refusal */
function sentenceFor(refusal) {
  if (refusal instanceof CannotOpen) return say("wrong_passphrase");
  return sentenceOf(refusal, ["wrong", "too_late"]);
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
