// What a counsellor says, on its way: sealed and sent in the order in which it was written, as often as it takes.

import { sender } from "../live/stream.js";
import { b64urlEncode, newCode } from "../vault/codes.js";
import { sealForGateway } from "../vault/letters.js";
import { newKey, sealMessage, sealSenderKey } from "../vault/sealing.js";
import { post, Refused, untilAnswered } from "./api.js";
import { countParts } from "./parts.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./conversation.js").Conversation} Conversation */

export const LIVE_HEADERS = { "X-Helpline": "desk" };
const AUTHOR = /** @type {const} */ ("counsellor");

export class Outgoing {
  /** This page's own key in this conversation. @type {{ keyId: string, key: Bytes, sealed: Promise<string> } | null} */
  #own = null;
  /** @type {Promise<unknown>} so that what is written first is sealed and sent first */
  #sealing = Promise.resolve();
  #goOn = () => {};

  /**
   * @param {Conversation} conversation
   * @param {(clientId: string, state: string, word: string) => void} onState
   */
  constructor(conversation, onState) {
    this.conversation = conversation;
    this.onState = onState;
    this.sender = sender({
      url: `/live/c/${conversation.code}/messages`,
      headers: () => LIVE_HEADERS,
      onState: (message, state, word) => onState(message.client_id, state, word),
    });
  }

  /**
   * @param {string} clientId
   * @param {string} text
   */
  send(clientId, text) {
    this.#sealing = this.#sealing.catch(() => {}).then(() => this.#sealAndSend(clientId, text));
  }

  /** Now, after signing in again for instance. */
  retry() {
    this.sender.retry();
    this.#goOn();
  }

  /** The desk is locked: what is said later has a new key. */
  forget() {
    this.#own = null;
  }

  /**
   * @param {string} clientId
   * @param {string} text
   */
  async #sealAndSend(clientId, text) {
    const { code } = this.conversation;
    this.#own ??= this.#newOwnKey();
    const { keyId, key, sealed: sealedKey } = this.#own;
    const sealed = b64urlEncode(await sealMessage(key, text, { code, author: AUTHOR, clientId }));
    const message = { client_id: clientId, key_id: keyId, sealed, key: await sealedKey };
    if (this.conversation.carried.by) await this.#carry(message, text);
    else this.sender.send(message);
  }

  /**
   * To somebody who reads by text or mail: the same words once more, for the gateway alone. Never by the live process,
   * where they would be kept and not sent.
   *
   * @param {import("../live/stream.js").SealedMessage} message
   * @param {string} text
   */
  async #carry(message, text) {
    const { code, carried } = this.conversation;
    const clientId = message.client_id;
    const gatewayKey = await carried.gatewayKey();
    if (!gatewayKey) return this.onState(clientId, "refused", "moved");
    const forGateway = b64urlEncode(await sealForGateway(gatewayKey, text, { code, clientId }));
    const parts = carried.by === "sms" ? countParts(text).parts : 1;
    const word = await this.#posted({ ...message, for_gateway: forGateway, parts });
    this.onState(clientId, word ? "refused" : "sent", word);
  }

  /**
   * @param {object} body
   * @returns {Promise<string>} why it was refused; empty when it was not
   */
  async #posted(body) {
    for (;;) {
      try {
        await untilAnswered(() => post(`/c/${this.conversation.code}/send`, body));
        return "";
      } catch (refusal) {
        if (!(refusal instanceof Refused)) throw refusal;
        if (refusal.word !== "signed_out") return refusal.word;
        await new Promise((resolve) => (this.#goOn = () => resolve(null)));
      }
    }
  }

  #newOwnKey() {
    const { code, publicKey } = this.conversation;
    const [keyId, key] = [newCode(), newKey()];
    return { keyId, key, sealed: sealSenderKey(publicKey, key, { code, author: AUTHOR, keyId }).then(b64urlEncode) };
  }
}
