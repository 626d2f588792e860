// This chat's end of the live wire (live/stream.js): what comes is handed to the talk, what goes is kept going.

import { follow, sender, tell } from "../live/stream.js";

/** @typedef {import("./keys.js").KeyTold} KeyTold */
/** @typedef {import("./keys.js").Said} Said */
/** @typedef {import("./tab.js").Sealed} Sealed */
/** @typedef {{
 *   onKey: (told: KeyTold) => void,
 *   onMessage: (said: Said) => Promise<void>,
 *   onTyping: (author: string, isOn: boolean) => void,
 *   onReceipt: (author: string, seq: number) => void,
 *   onState: () => Promise<void>,
 *   onConnected: (isConnected: boolean) => void,
 *   onSent: (clientId: string) => void,
 *   onTrying: (clientId: string) => void,
 *   onNotSent: (clientId: string) => void,
 * }} Hearer */

const RECEIPT_AFTER_MS = 300; // a reload brings many messages at once, and one receipt covers them all

export class Wire {
  /**
   * @param {{ code: string, capability: string }} proof
   * @param {Hearer} hearer
   */
  constructor({ code, capability }, hearer) {
    this.path = `/live/c/${code}`;
    this.headers = () => ({ Authorization: `Bearer ${capability}` });
    this.hearer = hearer;
    this.seq = 0;
    this.receiptTimer = 0;
    this.isOpen = false;
    this.stream = { close: () => {}, retry: () => {} };
    this.closing = new AbortController();
    this.sender = sender({
      url: `${this.path}/messages`,
      headers: this.headers,
      onState: ({ client_id }, state) => {
        if (state === "sent") hearer.onSent(client_id);
        if (state === "away") hearer.onTrying(client_id);
        if (state === "refused") hearer.onNotSent(client_id);
      },
    });
  }

  open() {
    this.stream = follow({
      url: `${this.path}/stream`,
      headers: this.headers,
      onEvent: (name, data) => this.#hear(name, data),
      onState: (state) => {
        this.isOpen = state === "open";
        if (state === "open" || state === "away") this.hearer.onConnected(this.isOpen);
        if (state === "ended") void this.hearer.onState();
      },
    });
    const until = { signal: this.closing.signal };
    // The device knows of a cut before the stream does.
    addEventListener("offline", () => this.hearer.onConnected(false), until);
    addEventListener("online", () => this.hearer.onConnected(this.isOpen), until);
    // A phone that was locked may hold a dead connection: look again as soon as it is looked at.
    const look = () => {
      if (document.visibilityState === "visible") this.stream.retry();
    };
    addEventListener("visibilitychange", look, until);
  }

  close() {
    clearTimeout(this.receiptTimer);
    this.closing.abort();
    this.stream.close();
  }

  /** @param {Sealed} sealed */
  send(sealed) {
    this.sender.send(sealed);
  }

  /** @param {boolean} isOn */
  typing(isOn) {
    void tell(`${this.path}/typing`, this.headers(), { on: isOn });
  }

  /** @param {number} seq */
  received(seq) {
    this.seq = Math.max(this.seq, seq);
    clearTimeout(this.receiptTimer);
    this.receiptTimer = setTimeout(() => {
      void tell(`${this.path}/receipts`, this.headers(), { seq: this.seq });
    }, RECEIPT_AFTER_MS);
  }

  /**
   * @param {string} name
   * @param {any} data
   */
  async #hear(name, data) {
    if (name === "key") this.hearer.onKey(data);
    else if (name === "message") await this.hearer.onMessage(data);
    else if (name === "typing") this.hearer.onTyping(data.author, data.on);
    else if (name === "receipt") this.hearer.onReceipt(data.author, data.seq);
    else if (name === "state") await this.hearer.onState();
  }
}
