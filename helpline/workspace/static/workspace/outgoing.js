// What a counsellor says, on its way: sealed and sent in the order in which it was written, as often as it takes.

import { sender } from "../live/stream.js";
import { b64urlEncode, newCode } from "../vault/codes.js";
import { newKey, sealMessage, sealSenderKey } from "../vault/sealing.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./conversation.js").Conversation} Conversation */

export const LIVE_HEADERS = { "X-Helpline": "desk" };
const AUTHOR = /** @type {const} */ ("counsellor");

export class Outgoing {
  /** This page's own key in this conversation. @type {{ keyId: string, key: Bytes, sealed: Promise<string> } | null} */
  #own = null;
  /** @type {Promise<unknown>} so that what is written first is sealed and sent first */
  #sealing = Promise.resolve();

  /**
   * @param {Conversation} conversation
   * @param {(clientId: string, state: string, word: string) => void} onState
   */
  constructor(conversation, onState) {
    this.conversation = conversation;
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
    const sealed = await sealMessage(key, text, { code, author: AUTHOR, clientId });
    this.sender.send({ client_id: clientId, key_id: keyId, sealed: b64urlEncode(sealed), key: await sealedKey });
  }

  #newOwnKey() {
    const { code, publicKey } = this.conversation;
    const [keyId, key] = [newCode(), newKey()];
    return { keyId, key, sealed: sealSenderKey(publicKey, key, { code, author: AUTHOR, keyId }).then(b64urlEncode) };
  }
}
