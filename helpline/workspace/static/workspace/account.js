// Changing what one comes in with. The passphrase is asked for again, and opens the key for a new passkey to hold.

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";
import { signInSecret, stretch, unwrapStaffSeed } from "../vault/passphrase.js";
import { wrapStaffSeed } from "../vault/passkey.js";
import { get, post, Refused } from "./api.js";
import { byId, tell } from "./dom.js";
import { showCodes, showSquare } from "./factor-view.js";
import { whenIdle } from "./idle.js";
import { canUsePasskeys, makePasskey } from "./passkey.js";
import { goToProvider } from "./provider.js";
import { sentenceOf } from "./refusals.js";
import { say } from "./words.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */

const KNOWN = ["wrong", "wrong_code", "wrong_passkey", "last_factor", "too_many", "confirm", "unknown", "provider_away"];
const confirmForm = byId("confirm-form", HTMLFormElement);
const appForm = byId("app-form", HTMLFormElement);
const passkeyForm = byId("passkey-form", HTMLFormElement);
const passphrase = byId("passphrase", HTMLInputElement);
const error = byId("account-error", HTMLElement);
const progress = byId("account-progress", HTMLElement);
/** @type {{ seed: Bytes, code: string } | null} in this page's memory alone, until it is left */
let own = null;
let isBusy = false;

/**
 * One thing at a time; what goes wrong is said, and what was typed stays.
 *
 * @param {() => Promise<void>} change
 * @param {Record<string, string>} [sentences]
 */
async function attempt(change, sentences = { wrong: "wrong_words" }) {
  if (isBusy) return;
  isBusy = true;
  tell(error, "");
  try {
    await change();
  } catch (refusal) {
    tell(error, sentenceOf(refusal, KNOWN, sentences));
    if (refusal instanceof Refused && refusal.word === "confirm") show(false);
  } finally {
    isBusy = false;
    tell(progress, "");
  }
}

/** @param {boolean} isOpen */
function show(isOpen) {
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-open]"))) each.hidden = !isOpen;
  confirmForm.hidden = isOpen;
  passkeyForm.hidden = !isOpen || !canUsePasskeys();
  byId("passkey-no", HTMLElement).hidden = !isOpen || canUsePasskeys();
}

async function confirm() {
  tell(progress, say("working"));
  const { me, salt } = await get("/keys.json");
  const stretched = await stretch(passphrase.value, b64urlDecode(salt));
  const keys = await post("/account/confirm", { secret: await signInSecret(stretched) });
  own = { seed: await unwrapStaffSeed(stretched, b64urlDecode(keys.wrapped), me.code), code: me.code };
  passphrase.value = "";
  show(true);
  byId("app-new", HTMLButtonElement).focus();
}

async function addPasskey() {
  const { options } = await post("/account/passkeys/new");
  const { answer, secret } = await makePasskey(options);
  const { passkey } = await post("/account/passkeys/add", { answer, name: byId("passkey-name", HTMLInputElement).value });
  if (secret && own) {
    const wrapped = b64urlEncode(await wrapStaffSeed(secret, own.seed, own.code));
    await post(`/account/passkeys/${passkey}/wrap`, { wrapped });
  }
  location.reload();
}

async function offerApp() {
  showSquare(await post("/account/app/new"));
  appForm.hidden = false;
  byId("app-code", HTMLInputElement).focus();
}

async function addApp() {
  await post("/account/app/confirm", { code: byId("app-code", HTMLInputElement).value });
  location.reload();
}

async function newCodes() {
  const { recovery_codes, left } = await post("/account/recovery-codes");
  showCodes(recovery_codes);
  byId("codes-left", HTMLElement).textContent = left;
  byId("codes-shown", HTMLElement).hidden = false;
  byId("codes", HTMLElement).focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} change
 * @param {Record<string, string>} [sentences]
 */
function onSubmit(form, change, sentences) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(change, sentences);
  });
}

onSubmit(confirmForm, confirm);
onSubmit(passkeyForm, addPasskey);
onSubmit(appForm, addApp, { wrong_code: "wrong_first_code" });
byId("app-new", HTMLButtonElement).addEventListener("click", () => void attempt(offerApp));
byId("codes-new", HTMLButtonElement).addEventListener("click", () => void attempt(newCodes));
document.getElementById("provider-link")?.addEventListener("click", () =>
  void attempt(() => goToProvider("/account/provider/ask")),
);
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-post]"))) {
  button.addEventListener("click", () =>
    void attempt(async () => {
      await post(button.dataset["post"] ?? "");
      location.reload();
    }),
  );
}
confirmForm.hidden = false; // not before it can be answered here
whenIdle(() => {
  if (own) location.reload(); // which forgets it
});
