// Breaking confidentiality: what a counsellor asks a second person, sealed to the line's supervisors and to oneself.

import { b64urlDecode, b64urlEncode, newCode } from "../vault/codes.js";
import { sealDisclosure } from "../vault/letters.js";
import { get, post, untilAnswered } from "./api.js";
import { answer } from "./dialogs.js";
import { byId, find } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

/** What was written and not asked stays in the form, which is one for the desk; for another conversation it is emptied. */
let writtenFor = "";

/**
 * Throws Refused: `asked`; NotVouched.
 *
 * @param {Conversation} conversation
 * @returns {Promise<boolean>} whether it was asked
 */
export async function askToDisclose({ code, keyring, summary: { line } }) {
  const dialog = byId("disclose-dialog", HTMLDialogElement);
  const form = find(dialog, "form", HTMLFormElement);
  if (writtenFor !== code) form.reset();
  writtenFor = code;
  if ((await answer(dialog)) !== "yes") return false;
  const text = say("disclosure_text", {
    reason: byId("disclose-reason", HTMLTextAreaElement).value.trim(),
    what: byId("disclose-what", HTMLTextAreaElement).value.trim(),
    whom: byId("disclose-whom", HTMLInputElement).value.trim(),
  });
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
    is_person_told: find(form, 'input[name="told"]:checked', HTMLInputElement).value === "yes",
  };
  await untilAnswered(() => post(`/c/${code}/disclosure`, body));
  form.reset();
  return true;
}
