// New keys for a line: made here, sealed to everybody for whom the roster vouches, and taken into use all at once.

import { b64urlDecode, b64urlEncode, newCode } from "../vault/codes.js";
import * as contexts from "../vault/contexts.js";
import { generateSeed, publicKeyOf, sealLineKey } from "../vault/sealing.js";
import { sign, signingSeed } from "../vault/signing.js";
import { lineKeyPayload } from "../vault/statements.js";
import { get, post, untilAnswered } from "./api.js";
import { NotVouched } from "./vouching.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("../vault/contexts.js").LineKeyPurpose} LineKeyPurpose */
/** @typedef {import("../vault/roster.js").Roster} Roster */
/** @typedef {import("./keyring.js").Keyring} Keyring */
/** @typedef {{ line: string, epochs: Record<LineKeyPurpose, number>, helpers: string[],
 *   holders: Record<LineKeyPurpose, string[]>, public_keys: Record<string, string>, recovery: string | null }} Plan */

const A_POST_HOLDS = 30; // wraps of 1.6 KB; a post is at most 64 KiB

/**
 * Throws NotVouched when the server names somebody who is not to have them, and Refused: `changed`, `not_a_signer`.
 *
 * @param {Keyring} keyring
 * @param {string} line
 */
export async function makeLineKeys(keyring, line) {
  const { roster, forged } = keyring.vouching;
  if (!roster?.isFounded || forged) throw new NotVouched(forged ? "forged" : "not_founded");
  /** @type {Plan} */
  const plan = await untilAnswered(() => get(`/keys/line.json?line=${encodeURIComponent(line)}`));
  const draft = newCode();
  const make = (/** @type {LineKeyPurpose} */ purpose) => makeOne(keyring, roster, { ...plan, line }, purpose, draft);
  const keys = [await make("queue"), await make("supervisor")];
  await untilAnswered(() => post("/keys/rotate", { line, draft, keys }));
}

/**
 * @param {Keyring} keyring
 * @param {Roster} roster
 * @param {Plan} plan
 * @param {LineKeyPurpose} purpose
 * @param {string} draft
 */
async function makeOne(keyring, roster, plan, purpose, draft) {
  const { line } = plan;
  const epoch = plan.epochs[purpose];
  const seed = generateSeed();
  const publicKey = publicKeyOf(seed);
  const place = { lineSlug: line, purpose, epoch };
  const wraps = [];
  for (const code of plan.holders[purpose]) {
    const theirs = b64urlDecode(plan.public_keys[code] ?? "");
    if (!isRightful(roster, plan, purpose, code) || !(await roster.vouchesFor(code, theirs))) throw new NotVouched("not_vouched");
    wraps.push({ code, sealed: b64urlEncode(await sealLineKey(theirs, seed, { ...place, userCode: code })) });
  }
  for (let from = 0; from < wraps.length; from += A_POST_HOLDS) {
    const some = wraps.slice(from, from + A_POST_HOLDS);
    await untilAnswered(() => post("/keys/stage", { line, draft, purpose, wraps: some }));
  }
  const payload = await lineKeyPayload({ line, purpose, epoch }, publicKey, roster.root);
  const signature = await sign(await signingSeed(await keyring.ownSeed()), contexts.signed("line-key"), payload);
  const recovery = await sealForRecovery(roster, plan, seed, place);
  return { purpose, epoch, public_key: b64urlEncode(publicKey), signature: b64urlEncode(signature), recovery };
}

/**
 * Who works on the line or, as the server says, helps out on it; the supervisors' key is for its supervisors alone.
 *
 * @param {Roster} roster
 * @param {Plan} plan
 * @param {LineKeyPurpose} purpose
 * @param {string} code
 */
function isRightful(roster, { line, helpers }, purpose, code) {
  const entry = roster.present(code);
  if (!entry) return false;
  const isHere = entry.lines.includes(line);
  if (purpose === "supervisor") return isHere && entry.role === "supervisor";
  return (isHere || helpers.includes(code)) && ["counsellor", "supervisor"].includes(entry.role);
}

/**
 * @param {Roster} roster
 * @param {Plan} plan
 * @param {Bytes} seed
 * @param {{ lineSlug: string, purpose: LineKeyPurpose, epoch: number }} place
 */
async function sealForRecovery(roster, { recovery }, seed, place) {
  if (!recovery) return "";
  const publicKey = b64urlDecode(recovery);
  if (!(await roster.vouchesFor(contexts.RECOVERY, publicKey))) throw new NotVouched("not_vouched");
  return b64urlEncode(await sealLineKey(publicKey, seed, { ...place, userCode: contexts.RECOVERY }));
}
