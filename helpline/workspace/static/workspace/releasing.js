// Signing figures. The passphrase opens the key in this page's memory, for one signature; then it is forgotten.

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";
import * as contexts from "../vault/contexts.js";
import { stretch, unwrapStaffSeed } from "../vault/passphrase.js";
import { CannotOpen } from "../vault/sealing.js";
import { sign, signingSeed } from "../vault/signing.js";
import { figuresNotePayload, figuresPayload } from "../vault/statements.js";
import { get, post, Refused } from "./api.js";
import { byId, tell } from "./dom.js";
import { sentenceOf } from "./refusals.js";
import { say } from "./words.js";

/** @typedef {{ line: string, period: string, start: string, code: string,
 *   note: { code: string, number: number, texts: string[] } | null }} What */

const KNOWN = ["wrong", "changed", "same_person", "not_a_signer", "not_sound"];
const SENTENCES = Object.fromEntries(KNOWN.map((word) => [word, `figures_${word}`]));
/** @type {What} */
const what = JSON.parse(byId("what", HTMLElement).textContent ?? "");
let isBusy = false;

/** @param {HTMLInputElement} passphrase */
async function openKey(passphrase) {
  const { me, salt, wrapped } = await get("/keys.json");
  const stretched = await stretch(passphrase.value, b64urlDecode(salt));
  try {
    return await signingSeed(await unwrapStaffSeed(stretched, b64urlDecode(wrapped), me.code));
  } catch (error) {
    if (error instanceof CannotOpen) throw new Refused("wrong", {});
    throw error;
  }
}

/** The bytes themselves, so that what is signed is their hash as this browser takes it. */
async function sealedBytes() {
  const answer = await fetch(`/figures/${what.code}/sealed.json`, { cache: "no-store" });
  if (!answer.ok) throw new Refused("changed", {});
  return new Uint8Array(await answer.arrayBuffer());
}

/** @param {HTMLInputElement} passphrase */
async function signFigures(passphrase) {
  const seed = await openKey(passphrase);
  const signature = await sign(seed, contexts.signed("figures"), await figuresPayload(what, await sealedBytes()));
  await post(`/figures/${what.code}/sign`, { signature: b64urlEncode(signature) });
}

/** @param {HTMLInputElement} passphrase */
async function signNote(passphrase) {
  const { note } = what;
  if (!note) return;
  const seed = await openKey(passphrase);
  const payload = await figuresNotePayload(await sealedBytes(), note.number, note.texts);
  const signature = await sign(seed, contexts.signed("figures-note"), payload);
  await post(`/figures/notes/${note.code}/sign`, { signature: b64urlEncode(signature) });
}

/**
 * @param {string} id of a form with one passphrase in it
 * @param {(passphrase: HTMLInputElement) => Promise<void>} step
 */
function furnish(id, step) {
  const form = document.getElementById(id);
  if (!(form instanceof HTMLFormElement)) return;
  const passphrase = byId(`${id}-passphrase`, HTMLInputElement);
  const said = byId(`${id}-said`, HTMLElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    tell(said, say("working"));
    void step(passphrase).then(
      () => location.reload(),
      (refusal) => {
        isBusy = false;
        tell(said, sentenceOf(refusal, KNOWN, SENTENCES));
        passphrase.focus();
      },
    );
  });
  form.hidden = false; // not before it can be answered here
}

furnish("sign", signFigures);
furnish("sign-note", signNote);
