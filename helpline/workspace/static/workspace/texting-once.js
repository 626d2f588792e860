// One text message to a number that the person in a chat gives: number and words are sealed here, to the gateway alone.

import { b64urlDecode, b64urlEncode, newCode } from "../vault/codes.js";
import { sealForGateway, sealReturnAddress } from "../vault/letters.js";
import { newKey, sealMessage, sealSenderKey } from "../vault/sealing.js";
import { get, post, untilAnswered } from "./api.js";
import { countParts } from "./parts.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {{ channel: string, from: string, key: string }} Way `from` is empty where no text can be sent */

const COUNTRY = "64";
const SHORTEST = 8; // digits after the +: no emergency number, and none that costs extra, has as many
const LONGEST = 15;

/**
 * @param {Conversation} conversation
 * @returns {Promise<Way>}
 */
export async function wayToText({ code }) {
  return untilAnswered(() => get(`/c/${code}/texting.json`));
}

/**
 * @param {string} typed as people say their number
 * @returns {string | null} as carriers know it, +64…; null for what is no mobile number
 */
export function numberFrom(typed) {
  const digits = typed.replace(/[\s().-]/g, "");
  const whole = digits.startsWith("+") ? digits.slice(1) : digits.startsWith("00") ? digits.slice(2) : digits;
  const isOurWay = whole === digits && digits.startsWith("0");
  const number = isOurWay ? `${COUNTRY}${digits.slice(1)}` : whole.replace(/^640/, COUNTRY); // +64 (0)21 …
  const isHere = number.startsWith(COUNTRY);
  if (!/^[1-9]\d*$/.test(number) || number.length < SHORTEST || number.length > LONGEST) return null;
  if (isHere && !number.startsWith(`${COUNTRY}2`)) return null; // landlines, and numbers that cost extra
  return isHere || whole !== digits ? `+${number}` : null;
}

export class TextOnce {
  /** The same for every attempt, so that it is sent once. */
  #codes = { note: newCode(), key: newCode(), text: newCode() };
  #noteKey = newKey();

  /**
   * Throws Refused.
   *
   * @param {Conversation} conversation
   * @param {Way} way
   * @param {string} number
   * @param {string} text
   * @param {string} note what says in the chat that it is sent
   */
  async send(conversation, way, number, text, note) {
    const key = b64urlDecode(way.key);
    const clientId = this.#codes.text;
    const [sealed, sealedTo] = [
      await sealForGateway(key, text, { code: clientId, clientId }),
      await sealReturnAddress(key, number, { code: clientId }),
    ];
    const body = {
      note: await this.#note(conversation, note),
      client_id: clientId,
      sealed: b64urlEncode(sealed),
      sealed_to: b64urlEncode(sealedTo),
      parts: countParts(text).parts,
    };
    await untilAnswered(() => post(`/c/${conversation.code}/text-once`, body));
  }

  /**
   * @param {Conversation} conversation
   * @param {string} text
   */
  async #note({ code, publicKey }, text) {
    const { note: clientId, key: keyId } = this.#codes;
    const author = /** @type {const} */ ("counsellor");
    const sealedKey = await sealSenderKey(publicKey, this.#noteKey, { code, author, keyId });
    const sealed = await sealMessage(this.#noteKey, text, { code, author, clientId });
    return { client_id: clientId, key_id: keyId, key: b64urlEncode(sealedKey), sealed: b64urlEncode(sealed) };
  }
}
