// What a supervisor does from the board: each a question, the keys that it needs, and one post.

import { CannotOpen } from "../vault/sealing.js";
import { get, post, Refused, untilAnswered } from "./api.js";
import { announce } from "./attention.js";
import { answer, showColleagues } from "./dialogs.js";
import { byId, find, tell } from "./dom.js";
import { NOT_VOUCHED } from "./vouching.js";
import { oneOf, say } from "./words.js";

/** @typedef {import("../vault/codes.js").Bytes} Bytes */
/** @typedef {import("./api.js").Colleague} Colleague */
/** @typedef {import("./board-feed.js").BoardDisclosure} BoardDisclosure */
/** @typedef {import("./keyring.js").Keyring} Keyring */
/** @typedef {{ line: string, supervisor_grant: string | null, colleagues: Colleague[] }} SupervisedKey */

const SENTENCES = new Map([
  ["taken", "board_answered_already"],
  ...NOT_VOUCHED,
]);

export class Acts {
  /** @param {Keyring} keyring */
  constructor(keyring) {
    this.keyring = keyring;
  }

  /**
   * Class, counsellor or end.
   *
   * @param {{ code: string, urgency: number }} conversation
   * @param {string} chat
   */
  async manage({ code, urgency }, chat) {
    const dialog = byId("manage-dialog", HTMLDialogElement);
    tell(byId("manage-title", HTMLElement), chat);
    for (const choice of dialog.querySelectorAll("input")) choice.checked = Number(choice.value) === urgency;
    const wish = await answer(dialog);
    const chosen = Number(find(dialog, "input:checked", HTMLInputElement).value);
    if (wish === "retriage" && chosen !== urgency) await this.#retriage(code, chosen, chat);
    if (wish === "give") await this.#give(code, chat);
    if (wish === "close") await this.#close(code, chat);
  }

  /**
   * @param {string} code
   * @param {number} urgency
   * @param {string} chat
   */
  async #retriage(code, urgency, chat) {
    const isDone = await tried(() => post(`/c/${code}/retriage`, { urgency }));
    if (isDone) announce(say("board_triaged", { chat, urgency: oneOf("board_urgencies", urgency) }));
  }

  /**
   * To somebody with a hand free: this page opens the key with the supervisors' and seals it to them.
   *
   * @param {string} code
   * @param {string} chat
   */
  async #give(code, chat) {
    /** @type {SupervisedKey | null} */
    const key = await tried(() => post(`/c/${code}/key`));
    if (!key) return;
    const seed = await this.#open(code, key);
    showColleagues(byId("give-colleagues", HTMLElement), key.colleagues);
    const note = seed ? (key.colleagues.length ? "" : say("board_no_hands")) : say("board_no_key");
    tell(byId("give-note", HTMLElement), note);
    byId("give-yes", HTMLButtonElement).disabled = !seed || !key.colleagues.length;
    const dialog = byId("give-dialog", HTMLDialogElement);
    if ((await answer(dialog)) !== "yes" || !seed) return;
    const chosen = dialog.querySelector("input:checked");
    const to = key.colleagues.find((each) => chosen instanceof HTMLInputElement && each.code === chosen.value);
    if (!to) return;
    const isDone = await tried(async () => {
      const grant = await this.keyring.sealFor(code, seed, to);
      return post(`/c/${code}/reassign`, { to: to.code, grant });
    });
    if (isDone) announce(say("board_given", { chat, name: to.name }));
  }

  /**
   * @param {string} code
   * @param {string} chat
   */
  async #close(code, chat) {
    if ((await answer(byId("close-for-dialog", HTMLDialogElement))) !== "yes") return;
    if (await tried(() => post(`/c/${code}/close-for`))) announce(say("board_ended", { chat }));
  }

  /**
   * Somebody waits and nobody on duty could open it: seal its key to the line's queue once more.
   *
   * @param {string} code
   * @returns {Promise<boolean>} false when the key is not here to open
   */
  async regrant(code) {
    /** @type {SupervisedKey | null} */
    const key = await tried(() => post(`/c/${code}/key`));
    const seed = key && (await this.#open(code, key));
    if (!key || !seed) return false;
    const isDone = await tried(async () => {
      const grant = await this.keyring.sealForQueue(key.line, code, seed);
      return grant && post(`/c/${code}/regrant`, { grant });
    });
    return Boolean(isDone);
  }

  /**
   * @param {string} code
   * @param {number} most
   * @param {string} name
   */
  async setMost(code, most, name) {
    if (await tried(() => post(`/staff/${code}/capacity`, { most }))) {
      announce(say("board_most_set", { name, count: most }));
    }
  }

  /**
   * The second person reads why, and says yes or no.
   *
   * @param {BoardDisclosure} asked
   * @param {string} name of who asks
   */
  async disclosure({ disclosure, code, line }, name) {
    const { disclosures } = await untilAnswered(() => get(`/c/${code}/disclosures.json`));
    const found = disclosures.find((/** @type {{ code: string }} */ each) => each.code === disclosure);
    if (!found) return announce(say("board_gone"));
    const text = await this.#reason(line, code, found);
    const dialog = byId("disclosure-dialog", HTMLDialogElement);
    tell(byId("disclosure-who", HTMLElement), say("board_disclosure", { name }));
    tell(byId("disclosure-text", HTMLElement), text ?? say("board_cannot_open"));
    tell(byId("disclosure-told", HTMLElement), say(found.is_person_told ? "board_person_told" : "board_person_not_told", { name }));
    for (const id of ["disclosure-yes", "disclosure-no"]) byId(id, HTMLButtonElement).disabled = text === null;
    const wish = await answer(dialog);
    if (wish !== "yes" && wish !== "no") return undefined;
    const isApproved = wish === "yes";
    const isDone = await tried(() => post(`/c/${code}/disclosure/answer`, { code: disclosure, is_approved: isApproved }));
    if (isDone) announce(say(isApproved ? "board_approved" : "board_declined", { name }));
    return undefined;
  }

  /**
   * @param {string} line
   * @param {string} code
   * @param {{ code: string, sealed: string }} disclosure
   * @returns {Promise<string | null>}
   */
  async #reason(line, code, disclosure) {
    try {
      return await this.keyring.openDisclosure(line, code, disclosure);
    } catch (error) {
      if (error instanceof CannotOpen) return null;
      throw error;
    }
  }

  /**
   * @param {string} code
   * @param {SupervisedKey} key
   * @returns {Promise<Bytes | null>}
   */
  async #open(code, { line, supervisor_grant: sealed }) {
    try {
      return sealed ? await this.keyring.openShared(line, "supervisor", code, sealed) : null;
    } catch (error) {
      if (error instanceof CannotOpen) return null;
      throw error;
    }
  }
}

/**
 * Ask until there is an answer. A no is said as what it is: the board was a second old.
 *
 * @template T
 * @param {() => Promise<T>} request
 * @returns {Promise<T | null>}
 */
export async function tried(request) {
  try {
    return await untilAnswered(request);
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    announce(say(SENTENCES.get(refusal.word) ?? "board_gone"));
    return null;
  }
}
