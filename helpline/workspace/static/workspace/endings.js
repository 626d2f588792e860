// How a conversation ends from the desk: just so, or by the guide through a hard contact.

import { post, Refused } from "./api.js";
import { askToClose } from "./dialogs.js";
import { askHowToGoOn, SILENT } from "./hard.js";

/** @typedef {import("./pane.js").Pane} Pane */
/** @typedef {import("./reach.js").Reach} Reach */
/** @typedef {{ path: string, body: object, record?: import("./pane.js").Known }} Ending */

/** @type {Record<string, string>} what each is in the record's list */
const CONTACTS = { silent: "silent", prank: "prank", sexual: "abusive" };

/**
 * @param {"close" | "hard"} wish
 * @param {Pane} pane
 * @param {Reach} reach
 * @returns {Promise<boolean | undefined>} undefined: it goes on; false: it was no longer ours to end
 */
export async function askToEnd(wish, pane, reach) {
  const ending = await (wish === "close" ? askSimply() : askByTheGuide(pane));
  if (!ending) return undefined;
  try {
    await reach.ask(() => post(`/c/${pane.conversation.code}/${ending.path}`, ending.body));
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal; // reading the desk again says so
    return false;
  }
  pane.startRecord(ending.record);
  return true;
}

/** @returns {Promise<Ending | null>} */
async function askSimply() {
  return (await askToClose()) ? { path: "close", body: {} } : null;
}

/**
 * @param {Pane} pane
 * @returns {Promise<Ending | null>}
 */
async function askByTheGuide(pane) {
  const way = await askHowToGoOn(pane.conversation.code);
  if (way && "sentence" in way) pane.composer.suggest(way.sentence);
  if (!way || "sentence" in way) return null;
  return { path: "end-hard", body: way, record: { isCounted: way.kind !== SILENT, contact: CONTACTS[way.kind] } };
}
