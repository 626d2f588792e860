// In a chat for a moment. The key pair is made here and for this one time: what is said from joining on is sealed to it by
// the counsellor's page. docs/referrals.md says how; docs/sealing.md has the bytes.

import { b64urlDecode, b64urlEncode, newCode } from "../vault/codes.js";
import { fingerprint } from "../vault/fingerprint.js";
import { openForGuest } from "../vault/letters.js";
import { CannotOpen, generateSeed, newKey, publicKeyOf, sealMessage, sealSenderKey } from "../vault/sealing.js";

/** @typedef {{ guest: string, code: string, publicKey: string, seed: string }} Place */
/** @typedef {{ seq: number, author: string, by: string, at: number, sealed: string }} Word */
/** @typedef {{ guest: string, here: string[], summary: string | null, words: Word[] }} News */

const EVERY_MS = 2000; // a chat between three people who type; one request each time
const ANSWER_MS = 15_000;
const author = /** @type {const} */ ("service");

/** The server says that this is over, or that it is not to be. */
class Over extends Error {}

class Talk {
  /** @type {{ keyId: string, key: import("../vault/codes.js").Bytes, sealed: string } | null} */
  #own = null;
  /** @type {Set<number>} */
  #shown = new Set();
  #after = 0;
  #summary = "";

  /** @param {Place} place */
  constructor(place) {
    this.place = place;
    this.isOver = false;
  }

  async begin() {
    hide("before", true);
    hide("talk", false);
    element("text").focus();
    void this.#tellKey();
    while (!this.isOver) {
      await this.#look();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  async #tellKey() {
    find(element("key"), "strong").textContent = await fingerprint(publicKeyOf(b64urlDecode(this.place.seed)));
    hide("key", false);
  }

  async #look() {
    try {
      /** @type {News} */
      const news = await asked(`news?after=${this.#after}`);
      if (news.guest !== this.place.guest) throw new Over(); // joined again elsewhere, with another key
      element("here").textContent = said("here").replace("{names}", news.here.join(", "));
      await this.#showSummary(news.summary);
      for (const word of news.words) await this.#show(word);
      hide("away", true);
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {unknown} error */
  failed(error) {
    if (error instanceof Over) this.end();
    else hide("away", false);
  }

  /** @param {string} text */
  async say(text) {
    const { code, publicKey } = this.place;
    this.#own ??= await ownKey(code, b64urlDecode(publicKey));
    const { keyId, key, sealed: sealedKey } = this.#own;
    const clientId = newCode();
    const sealed = b64urlEncode(await sealMessage(key, text, { code, author, clientId }));
    const { seq } = await asked("say", { client_id: clientId, key_id: keyId, key: sealedKey, sealed });
    this.#put({ seq, author, by: "" }, text);
  }

  async leave() {
    await asked("leave", {}).catch((error) => {
      if (!(error instanceof Over)) throw error;
    });
    this.end();
  }

  /** Whatever ended it: nothing of it stays here. */
  end() {
    this.isOver = true;
    sessionStorage.removeItem(STORED);
    element("said").replaceChildren();
    find(element("summary"), ".said").textContent = "";
    hide("talk", true);
    hide("over", false);
    element("over").focus();
  }

  /** @param {string | null} sealed */
  async #showSummary(sealed) {
    if ((sealed ?? "") === this.#summary) return;
    this.#summary = sealed ?? "";
    find(element("summary"), ".said").textContent = sealed ? await this.#open(sealed, 0) : "";
    hide("summary", !sealed);
  }

  /** @param {Word} word */
  async #show(word) {
    this.#after = Math.max(this.#after, word.seq);
    this.#put(word, await this.#open(word.sealed, word.seq));
  }

  /**
   * @param {{ seq: number, author: string, by: string }} word
   * @param {string} text
   */
  #put({ seq, author: who, by }, text) {
    if (this.#shown.has(seq) || this.isOver) return;
    this.#shown.add(seq);
    const item = find(/** @type {HTMLTemplateElement} */ (element("said-template")).content, "li").cloneNode(true);
    if (!(item instanceof HTMLElement)) return;
    item.className = who;
    item.dataset["seq"] = String(seq);
    find(item, ".who").textContent = who === "counsellor" ? by : said(who);
    find(item, ".said").textContent = text;
    const next = [...element("said").children].find((each) => each instanceof HTMLElement && Number(each.dataset["seq"]) > seq);
    element("said").insertBefore(item, next ?? null);
    item.scrollIntoView({ block: "nearest", behavior: "auto" });
  }

  /**
   * @param {string} sealed
   * @param {number} seq
   */
  async #open(sealed, seq) {
    const { seed, code, guest: guestCode } = this.place;
    try {
      return await openForGuest(b64urlDecode(seed), b64urlDecode(sealed), { code, guestCode, seq });
    } catch (error) {
      if (error instanceof CannotOpen) return said("unreadable");
      throw error;
    }
  }
}

/**
 * @param {string} code
 * @param {import("../vault/codes.js").Bytes} publicKey the conversation's
 */
async function ownKey(code, publicKey) {
  const [keyId, key] = [newCode(), newKey()];
  return { keyId, key, sealed: b64urlEncode(await sealSenderKey(publicKey, key, { code, author, keyId })) };
}

/**
 * @param {string} what
 * @param {Record<string, string>} [form] posted; without it, asked for
 * @returns {Promise<any>} Over, or any other error for what may be tried again
 */
async function asked(what, form) {
  const body = form && new URLSearchParams({ ...form, token: token() });
  const post = body ? { method: "POST", body } : {};
  const response = await fetch(what, { ...post, cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
  if (response.redirected || response.status === 404) throw new Over(); // signed out; or taken back
  if (response.ok) return response.json();
  if (response.status < 500) throw new Over((await response.json()).error);
  throw new Error(String(response.status));
}

async function join() {
  try {
    const seed = generateSeed();
    const { guest, code, public_key: publicKey } = await asked("join", { public_key: b64urlEncode(publicKeyOf(seed)) });
    const place = { guest, code, publicKey, seed: b64urlEncode(seed) };
    sessionStorage.setItem(STORED, JSON.stringify(place)); // for this tab, should the page be loaded again
    hide("taken", true);
    begin(place);
  } catch (error) {
    const isTaken = error instanceof Over && error.message === "taken";
    if (error instanceof Over && !isTaken) hide("before", true);
    hide(isTaken ? "taken" : error instanceof Over ? "over" : "away", false);
  }
}

/** @param {Place} place */
function begin(place) {
  const talk = new Talk(place);
  const text = /** @type {HTMLTextAreaElement} */ (element("text"));
  element("say").addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    text.value = "";
    await talk.say(words).catch((error) => {
      text.value = [words, text.value].filter(Boolean).join(" "); // what was not taken stays to be sent
      talk.failed(error);
    });
  });
  element("leave").addEventListener("click", () => void talk.leave().catch((error) => talk.failed(error)));
  void talk.begin();
}

function token() {
  return find(element("say"), "input").getAttribute("value") ?? "";
}

/** @param {string} name */
function said(name) {
  return element("words").dataset[name] ?? "";
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(id);
  return found;
}

/**
 * @param {ParentNode} inside
 * @param {string} selector
 */
function find(inside, selector) {
  const found = inside.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(selector);
  return found;
}

/**
 * @param {string} id
 * @param {boolean} is
 */
function hide(id, is) {
  element(id).hidden = is;
}

const isThere = document.getElementById("before") !== null;
const STORED = isThere ? `talk ${said("code")}` : "";
const stored = isThere && sessionStorage.getItem(STORED);
if (isThere) element("join").addEventListener("click", () => void join());
if (stored) begin(JSON.parse(stored));
