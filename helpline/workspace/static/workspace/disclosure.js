// Breaking confidentiality: what a counsellor asks a second person, sealed to the line's supervisors and to oneself.

import { b64urlDecode, b64urlEncode, newCode } from "../vault/codes.js";
import { sealDisclosure } from "../vault/letters.js";
import { get, post, untilAnswered } from "./api.js";
import { answer } from "./dialogs.js";
import { byId, find } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const BOXES = ["disclose-reason", "disclose-what", "disclose-whom"];

/** @type {Map<string, { texts: string[], told: string }>} begun and not asked: closing the question loses nothing */
const drafts = new Map();

/**
 * Whether something is begun here that nobody has; the browser then asks before the page goes.
 *
 * @param {{ has: (code: string) => boolean }} held conversations on the desk
 */
export function hasDraftDisclosure(held) {
  const kept = [...drafts].filter(([code]) => held.has(code)).map(([, { texts }]) => texts);
  return [written(), ...kept].flat().some(Boolean);
}

/**
 * Throws Refused: `asked`; NotVouched.
 *
 * @param {Conversation} conversation
 * @returns {Promise<boolean>} whether it was asked
 */
export async function askToDisclose({ code, keyring, summary: { line } }) {
  const dialog = byId("disclose-dialog", HTMLDialogElement);
  const form = find(dialog, "form", HTMLFormElement);
  fill(form, drafts.get(code));
  const isAsked = (await answer(dialog)) === "yes";
  const texts = written();
  const told = new FormData(form).get("told");
  drafts.set(code, { texts, told: String(told) });
  fill(form, undefined);
  if (!isAsked) return false;
  const [reason = "", what = "", whom = ""] = texts;
  const text = say("disclosure_text", { reason, what, whom });
  const disclosureCode = newCode();
  const { supervisor_key: theirs } = await untilAnswered(() => get(`/c/${code}/disclosures.json`));
  await keyring.vouching.requireLine({ ...theirs, line, purpose: "supervisor" });
  const [forThem, own] = await Promise.all(
    [b64urlDecode(theirs.public_key), keyring.publicKey].map((key) => sealDisclosure(key, text, { code, disclosureCode })),
  );
  if (!forThem || !own) return false;
  const body = {
    code: disclosureCode,
    sealed_to_supervisors: b64urlEncode(forThem),
    sealed_own: b64urlEncode(own),
    is_person_told: told === "yes",
  };
  await untilAnswered(() => post(`/c/${code}/disclosure`, body));
  drafts.delete(code);
  return true;
}

/**
 * @param {HTMLFormElement} form
 * @param {{ texts: string[], told: string } | undefined} draft
 */
function fill(form, draft) {
  form.reset();
  boxes().forEach((box, place) => (box.value = draft?.texts[place] ?? ""));
  const choice = form.querySelector(`input[name="told"][value="${draft?.told ?? ""}"]`);
  if (choice instanceof HTMLInputElement) choice.checked = true;
}

function boxes() {
  return BOXES.map((id) => /** @type {HTMLInputElement | HTMLTextAreaElement} */ (byId(id, HTMLElement)));
}

function written() {
  return boxes().map((box) => box.value.trim());
}
