// A new chat after the end of one, with the same counsellor if they are here.

import { newCode } from "../vault/codes.js";
import { newKey } from "../vault/sealing.js";
import { begin } from "./keys.js";
import { page } from "./page.js";
import { postStart } from "./post.js";
import { remember } from "./tab.js";

/**
 * @param {{ code: string, capability: string }} before proves that the last chat was this person's own
 */
export async function beginAgain(before) {
  const [code, secret] = [newCode(), newKey()];
  const { told } = await begin(page, secret, code);
  // Asked once, the question about danger is a counsellor's now.
  const began = { ...told, in_danger: null, region: "", gender: "", is_message: !page.can_answer, before };
  remember({ code, secret, isStarted: false });
  await postStart(began);
  remember({ code, secret, isStarted: true });
}
