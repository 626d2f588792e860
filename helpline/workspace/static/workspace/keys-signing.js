// Vouching for colleagues: what changes is said in words, the keys are compared in words, and only what is ticked is signed.

import { b64urlEncode } from "../vault/codes.js";
import * as contexts from "../vault/contexts.js";
import { sign, signingSeed } from "../vault/signing.js";
import { payloadOf } from "../vault/statements.js";
import { post, untilAnswered } from "./api.js";
import { byId, find, tell } from "./dom.js";
import { entry } from "./keys-entry.js";
import { NotVouched, statementOf, wordsOf } from "./vouching.js";
import { oneOf, say } from "./words.js";

/** @typedef {import("./keyring.js").Keyring} Keyring */
/** @typedef {import("./keys.js").Waiting} Waiting */
/** @typedef {import("../vault/roster.js").Roster} Roster */

const A_POST_HOLDS = 100;

/**
 * @param {Keyring} keyring
 * @param {(step: () => Promise<string | void>) => Promise<void>} act
 */
export function furnishSigning(keyring, act) {
  const list = byId("signing-list", HTMLUListElement);
  /** @type {Waiting[]} what is on the screen, and only that is signed */
  let shown = [];
  byId("signing-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const ticked = new Set([...list.querySelectorAll("input:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value));
    const chosen = shown.filter(({ subject }) => ticked.has(subject));
    if (!chosen.length) return tell(byId("keys-said", HTMLElement), say("keys_tick_first"));
    void act(async () => {
      await signAll(keyring, chosen);
      return say("keys_signed");
    });
  });
  /** @param {Waiting[]} waiting */
  return async (waiting) => {
    const { roster } = keyring.vouching;
    shown = waiting;
    byId("signing", HTMLElement).hidden = !roster?.isFounded;
    byId("signing-none", HTMLElement).hidden = waiting.length > 0;
    byId("signing-button", HTMLButtonElement).hidden = waiting.every(({ is_signed_by_me: isMine }) => isMine);
    if (roster) list.replaceChildren(...(await Promise.all(waiting.map((each) => asItem(roster, each)))));
  };
}

/**
 * @param {Roster} roster
 * @param {Waiting} waiting
 */
async function asItem(roster, waiting) {
  const { subject, name, signed_by: signedBy, is_signed_by_me: isMine } = waiting;
  const who = subject === contexts.RECOVERY ? say("keys_recovery") : name || say("keys_somebody_gone");
  const note = isMine ? "keys_waits_for_other" : signedBy ? "keys_signed_by" : "keys_waits_for_two";
  const item = entry({ name: who, what: whatChanges(roster, waiting), words: await wordsOf(statementOf(waiting)), note: say(note, { name: signedBy ?? "" }) });
  if (isMine) return item;
  const label = find(item, "label", HTMLLabelElement);
  const box = find(label, "input", HTMLInputElement);
  label.hidden = false;
  box.value = subject;
  find(label, "span", HTMLElement).textContent = say("keys_tick", { name: who });
  return item;
}

/**
 * @param {Roster} roster
 * @param {Waiting} waiting
 */
function whatChanges(roster, waiting) {
  const before = roster.last(waiting.subject);
  const as = { role: oneOf("keys_roles", waiting.role), lines: waiting.lines.join(", ") };
  if (waiting.is_withdrawn) return say("keys_withdrawn");
  if (!before || before.isWithdrawn) return say("keys_joins", as);
  const isSameKey = before.keyHash === waiting.key_hash && before.signingKey === waiting.signing_key;
  return say(isSameKey ? "keys_same_key" : "keys_other_key", as);
}

/**
 * @param {Keyring} keyring
 * @param {Waiting[]} chosen
 */
async function signAll(keyring, chosen) {
  const { roster } = keyring.vouching;
  const signer = await signingSeed(await keyring.ownSeed());
  const signatures = await Promise.all(
    chosen.map(async (each) => {
      const isNext = each.root === roster?.root && each.number === (roster.last(each.subject)?.number ?? 0) + 1;
      if (!isNext) throw new NotVouched("forged"); // of another roster, or kept for later
      const signature = await sign(signer, contexts.signed("roster"), payloadOf(statementOf(each)));
      return { subject: each.subject, issued_at: each.issued_at, signature: b64urlEncode(signature) };
    }),
  );
  for (let from = 0; from < signatures.length; from += A_POST_HOLDS) {
    await untilAnswered(() => post("/keys/sign", { signatures: signatures.slice(from, from + A_POST_HOLDS) }));
  }
}
