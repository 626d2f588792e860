// How a roster begins: two supervisors sign two statements, one about each of them.

import { b64urlEncode } from "../vault/codes.js";
import * as contexts from "../vault/contexts.js";
import { publicOf, sign, signingSeed } from "../vault/signing.js";
import { keyHash, payloadOf } from "../vault/statements.js";
import { post, untilAnswered } from "./api.js";
import { byId, tell } from "./dom.js";
import { NotVouched, statementOf, wordsOf } from "./vouching.js";
import { say } from "./words.js";

/** @typedef {import("./keyring.js").Keyring} Keyring */
/** @typedef {import("./keys.js").Founding} Founding */
/** @typedef {import("./vouching.js").StatementShape} StatementShape */

/**
 * @param {Keyring} keyring
 * @param {(step: () => Promise<string | void>) => Promise<void>} act
 */
export function furnishFounding(keyring, act) {
  const partner = byId("partner", HTMLSelectElement);
  /** @type {StatementShape[]} what is on the screen, and only that is signed */
  let shown = [];
  const showWords = async () => {
    shown = partner.value ? (await untilAnswered(() => post("/keys/founding", { partner: partner.value }))).statements : [];
    const names = new Map([...partner.options].map((option) => [option.value, option.text]));
    const rows = await Promise.all(shown.map((each) => words(names.get(each.subject) ?? keyring.me.name, each)));
    byId("founding-words", HTMLElement).replaceChildren(...rows.flat());
  };
  partner.addEventListener("change", () => void showWords());
  byId("founding-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void act(async () => {
      await found(keyring, partner.value, shown);
      return say("keys_signed");
    });
  });
  /** @param {Founding | null} founding */
  return async (founding) => {
    byId("founding", HTMLElement).hidden = !founding;
    if (!founding) return;
    const { partners, begun_by: begunBy } = founding;
    const isBegunByMe = begunBy === keyring.me.code;
    const isAsked = begunBy !== null && !isBegunByMe && founding.with.includes(keyring.me.code);
    const choices = isAsked ? partners.filter(({ code }) => code === begunBy) : partners;
    partner.replaceChildren(...choices.map(({ code, name }) => new Option(name, code)));
    byId("founding-form", HTMLElement).hidden = isBegunByMe || !choices.length;
    const other = partners.find(({ code }) => code !== keyring.me.code && founding.with.includes(code));
    const waits = isBegunByMe ? say("keys_founding_waits", { name: other?.name ?? "" }) : "";
    const alone = choices.length ? "" : say("keys_founding_alone");
    const asked = isAsked ? say("keys_founding_asked", { name: choices[0]?.name ?? "" }) : "";
    tell(byId("founding-waits", HTMLElement), waits || alone || asked);
    if (!isBegunByMe && choices.length) await showWords();
  };
}

/**
 * @param {string} name
 * @param {StatementShape} shape
 */
async function words(name, shape) {
  const [term, definition] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = name;
  definition.textContent = await wordsOf(statementOf(shape));
  return [term, definition];
}

/**
 * @param {Keyring} keyring
 * @param {string} partner
 * @param {StatementShape[]} shapes
 */
async function found(keyring, partner, shapes) {
  const { me, publicKey } = keyring;
  const signer = await signingSeed(await keyring.ownSeed());
  const own = shapes.find(({ subject }) => subject === me.code);
  const isOwn = own?.key_hash === (await keyHash(publicKey)) && own.signing_key === b64urlEncode(await publicOf(signer));
  const isForTwo = shapes.length === 2 && shapes.every(({ subject }) => [me.code, partner].includes(subject));
  if (!isOwn || !isForTwo) throw new NotVouched("forged"); // the server would have us sign a key that is not ours
  const signatures = await Promise.all(
    shapes.map((each) => sign(signer, contexts.signed("roster"), payloadOf(statementOf(each)))),
  );
  const body = {
    partner,
    issued_at: own.issued_at,
    signatures: signatures.map((signature) => ({ signature: b64urlEncode(signature) })),
  };
  await untilAnswered(() => post("/keys/found", body));
}
