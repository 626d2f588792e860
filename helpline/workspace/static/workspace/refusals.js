// What went wrong, as a sentence.

import { CannotOpen } from "../vault/sealing.js";
import { Away, Refused } from "./api.js";
import { Stopped } from "./passkey.js";
import { say } from "./words.js";

/**
 * @param {unknown} refusal what is none is thrown on
 * @param {string[]} known words of the server that have a sentence of their own
 * @param {Record<string, string>} [sentences] where one has another sentence here
 * @returns {string}
 */
export function sentenceOf(refusal, known, sentences = {}) {
  if (refusal instanceof CannotOpen) return say("wrong_passphrase");
  if (refusal instanceof Stopped) return say("passkey_stopped");
  if (refusal instanceof Away) return say(refusal.word === "keys_away" ? "keys_away" : "failed_away");
  if (!(refusal instanceof Refused)) throw refusal;
  if (refusal.word === "slow") return say("slow", { seconds: Math.ceil(refusal.details["seconds"]) });
  return say(known.includes(refusal.word) ? (sentences[refusal.word] ?? refusal.word) : "failed");
}
