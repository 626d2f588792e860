// Handing over: to a colleague, a skill, another line or a supervisor, with a note that the person sees first.

import { b64urlDecode, b64urlEncode, newCode } from "../vault/codes.js";
import { newKey, sealGrant, sealMessage, sealSenderKey } from "../vault/sealing.js";
import { get, post, untilAnswered } from "./api.js";
import { answer, showColleagues } from "./dialogs.js";
import { byId, find, tell } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./api.js").AskedHandover} AskedHandover */
/** @typedef {import("./api.js").Colleague} Colleague */
/** @typedef {import("./api.js").Elsewhere} Elsewhere */
/** @typedef {import("./api.js").LineKeys} LineKeys */
/** @typedef {import("./api.js").SealedNote} SealedNote */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {{ kind: "colleague" | "skill" | "line" | "supervisor", to: string, name: string }} Target */

/** @type {Map<string, string>} notes begun and not sent: closing the question loses nothing */
const drafts = new Map();

/**
 * @param {string} code
 * @returns {Promise<{ colleagues: Colleague[] } & Elsewhere>}
 */
async function whoCould(code) {
  return untilAnswered(() => get(`/c/${code}/colleagues.json`));
}

/**
 * Ask to whom, and with which words.
 *
 * @param {Conversation} conversation
 * @param {string} first said first, when somebody chosen before was no longer free
 * @returns {Promise<{ target: Target, note: string } | null>}
 */
export async function askToWhom({ code }, first) {
  const { colleagues, lines, skills } = await whoCould(code);
  const dialog = byId("transfer-dialog", HTMLDialogElement);
  const box = byId("handover-note", HTMLTextAreaElement);
  const others = lines.filter((each) => !each.is_own);
  showColleagues(byId("colleagues", HTMLElement), colleagues);
  tell(byId("colleagues-note", HTMLElement), colleagues.length ? first : say("nobody_free"));
  offer(dialog, "skill", byId("to-skill", HTMLSelectElement), skills.map((each) => [each, each.replaceAll("-", " ")]));
  offer(dialog, "line", byId("to-line", HTMLSelectElement), others.map((each) => [each.slug, each.name]));
  box.value = drafts.get(code) ?? "";
  const isChosen = (await answer(dialog)) === "yes";
  const note = box.value.trim();
  drafts.set(code, note);
  box.value = "";
  const chosen = dialog.querySelector('input[name="to"]:checked');
  const target = isChosen && chosen instanceof HTMLInputElement ? targetOf(chosen.value, colleagues) : null;
  if (target) drafts.delete(code);
  return target && { target, note };
}

/** Whether a note is begun that nobody has. */
export function hasDraftNote() {
  return [...drafts.values()].some(Boolean) || byId("handover-note", HTMLTextAreaElement).value.trim() !== "";
}

/**
 * @param {string} value
 * @param {Colleague[]} colleagues
 * @returns {Target | null}
 */
function targetOf(value, colleagues) {
  if (value === "supervisor") return { kind: value, to: "", name: "" };
  if (value === "skill" || value === "line") {
    const choice = byId(`to-${value}`, HTMLSelectElement);
    return { kind: value, to: choice.value, name: choice.selectedOptions[0]?.textContent ?? "" };
  }
  const colleague = colleagues.find((each) => each.code === value);
  return colleague ? { kind: "colleague", to: value, name: colleague.name } : null;
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} kind
 * @param {HTMLSelectElement} select
 * @param {string[][]} choices
 */
function offer(dialog, kind, select, choices) {
  select.replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
  const item = find(dialog, `[value="${kind}"]`, HTMLInputElement).closest("li");
  if (item) item.hidden = choices.length === 0;
}

/**
 * Ask the person. Throws Refused: `not_free`, `asked`.
 *
 * @param {Conversation} conversation
 * @param {Target} target
 * @param {string} note
 */
export async function askThePerson(conversation, { kind, to }, note) {
  const sealed = note ? await sealNote(conversation, note) : null;
  await untilAnswered(() => post(`/c/${conversation.code}/handover`, { kind, to, note: sealed }));
}

/**
 * Do it: seal to whoever goes on; one's own key ends with that. Throws Refused: `not_free`, `not_agreed`.
 *
 * @param {Conversation} conversation
 * @param {Pick<Target, "kind" | "to">} target
 */
export async function complete(conversation, { kind, to }) {
  const { code, seed, keyring } = conversation;
  if (!seed) return;
  const { colleagues, lines } = await whoCould(code);
  if (kind === "colleague") {
    const colleague = colleagues.find((each) => each.code === to);
    // The server says no when they are not free; what is sealed must be sealed to somebody.
    const grant = await keyring.sealFor(code, seed, colleague ?? keyring.me);
    await untilAnswered(() => post(`/c/${code}/transfer`, { to, grant }));
    return;
  }
  const line = lines.find((each) => (kind === "line" ? each.slug === to : each.is_own));
  if (!line) return;
  const body = {
    queue_grant: await sealTo(keyring, line, "queue", code, seed),
    ...(kind === "line" ? { line: to, supervisor_grant: await sealTo(keyring, line, "supervisor", code, seed) } : {}),
    ...(kind === "skill" ? { skills: [to] } : {}),
    needs_supervisor: kind === "supervisor",
  };
  await untilAnswered(() => post(`/c/${code}/requeue`, body));
}

/**
 * @param {AskedHandover} handover
 * @returns {Pick<Target, "kind" | "to">}
 */
export function agreedTarget({ to_user: user, to_line: line, to_skill: skill }) {
  if (user) return { kind: "colleague", to: user };
  if (line) return { kind: "line", to: line };
  return skill ? { kind: "skill", to: skill } : { kind: "supervisor", to: "" };
}

/**
 * Let a colleague in for a moment. Throws Refused: `not_free`.
 *
 * @param {Conversation} conversation
 * @returns {Promise<Colleague | null>}
 */
export async function askIn({ code, seed, keyring }) {
  const { colleagues } = await whoCould(code);
  showColleagues(byId("three-way-colleagues", HTMLElement), colleagues);
  tell(byId("three-way-note", HTMLElement), colleagues.length ? "" : say("nobody_free"));
  byId("three-way-yes", HTMLButtonElement).disabled = colleagues.length === 0;
  const dialog = byId("three-way-dialog", HTMLDialogElement);
  if ((await answer(dialog)) !== "yes" || !seed) return null;
  const chosen = dialog.querySelector("input:checked");
  const colleague = colleagues.find((each) => chosen instanceof HTMLInputElement && each.code === chosen.value);
  if (!colleague) return null;
  const grant = await keyring.sealFor(code, seed, colleague);
  await untilAnswered(() => post(`/c/${code}/three-way`, { to: colleague.code, grant }));
  return colleague;
}

/**
 * As a message of the counsellor's, under a key of its own.
 *
 * @param {Conversation} conversation
 * @param {string} text
 * @returns {Promise<SealedNote>}
 */
async function sealNote({ code, publicKey }, text) {
  const [keyId, clientId, key] = [newCode(), newCode(), newKey()];
  const author = /** @type {const} */ ("counsellor");
  const sealedKey = await sealSenderKey(publicKey, key, { code, author, keyId });
  const sealed = await sealMessage(key, text, { code, author, clientId });
  return { client_id: clientId, key_id: keyId, key: b64urlEncode(sealedKey), sealed: b64urlEncode(sealed) };
}

/**
 * To a key that a supervisor of that line has made. Throws NotVouched.
 *
 * @param {import("./keyring.js").Keyring} keyring
 * @param {LineKeys} line
 * @param {"queue" | "supervisor"} reader
 * @param {string} code
 * @param {Bytes} seed
 */
async function sealTo({ vouching }, { slug, ...keys }, reader, code, seed) {
  const key = reader === "queue" ? keys.queue_key : keys.supervisor_key;
  await vouching.requireLine({ ...key, line: slug, purpose: reader });
  return b64urlEncode(await sealGrant(b64urlDecode(key.public_key), seed, { code, reader }));
}
