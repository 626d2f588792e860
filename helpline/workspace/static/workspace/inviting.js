// Six words with which whoever texts or mails goes on in the web chat. Made here; the site learns nothing that opens it.

import { b64urlEncode, hashCapability } from "../vault/codes.js";
import { newReturnCode, returnKeys } from "../vault/returncode.js";
import { wrapGrant } from "../vault/sealing.js";
import { post, Refused, untilAnswered } from "./api.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const ATTEMPTS = 2; // words already in use: one in 10²³

/**
 * Keep a new code and send it to them. Throws Refused.
 *
 * @param {Conversation} conversation
 */
export async function inviteToChat(conversation) {
  const { code, carried } = conversation;
  const seed = conversation.seed;
  if (!seed || !carried.now) throw new Refused("moved", {});
  const { invitation } = carried.now;
  for (let attempt = 1; ; attempt += 1) {
    const words = await newReturnCode();
    const { finder, capability, wrapKey } = await returnKeys(words);
    const body = {
      finder_hash: b64urlEncode(await hashCapability(finder)),
      capability_hash: b64urlEncode(await hashCapability(capability)),
      grant: b64urlEncode(await wrapGrant(wrapKey, seed, { code, reader: "return" })),
    };
    try {
      await untilAnswered(() => post(`/c/${code}/return-code`, body));
      return conversation.send(invitation.replace("{words}", words));
    } catch (refusal) {
      if (!(refusal instanceof Refused) || refusal.word !== "taken" || attempt === ATTEMPTS) throw refusal;
    }
  }
}
