// What a counsellor says before somebody is handed on, or services are asked for room.

import { answer } from "./dialogs.js";
import { byId, find, tell } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./referrals.js").About} About */
/** @typedef {import("./referrals.js").Service} Service */
/** @typedef {import("./referrals.js").Wish} Wish */

/** What was written and not sent stays, for the same person and service. */
let writtenFor = "";

/**
 * @param {import("./conversation.js").Conversation} conversation
 * @param {Service} service
 * @param {About} known what the search for a service knew
 * @returns {Promise<Wish | null>}
 */
export async function askHowToRefer({ code, carried }, service, known) {
  const dialog = byId("refer-dialog", HTMLDialogElement);
  const form = find(dialog, "form", HTMLFormElement);
  if (writtenFor !== `${code} ${service.id}`) form.reset();
  writtenFor = `${code} ${service.id}`;
  tell(byId("refer-service", HTMLElement), nameOf(service));
  fill(dialog, known);
  const join = byId("refer-join", HTMLInputElement); // on a page alone: a guest's words go out by no text
  find(dialog, "label:has(#refer-join)", HTMLElement).hidden = Boolean(carried.now);
  if (carried.now) join.checked = false;
  if ((await answer(dialog)) !== "yes") return null;
  writtenFor = "";
  return {
    ...chosenIn(dialog),
    days: Number(byId("refer-days", HTMLSelectElement).value),
    note: byId("refer-note", HTMLTextAreaElement).value.trim(),
    contact: byId("refer-contact", HTMLTextAreaElement).value.trim(),
    mayJoin: join.checked,
    mayTell: byId("refer-reached", HTMLInputElement).checked,
  };
}

/**
 * @param {Service[]} services
 * @param {About} known what the search for a service knew
 * @returns {Promise<About | null>}
 */
export async function askForWhatRoom(services, known) {
  const dialog = byId("room-dialog", HTMLDialogElement);
  find(dialog, "form", HTMLFormElement).reset();
  const items = services.map((each) => Object.assign(document.createElement("li"), { textContent: nameOf(each) }));
  byId("room-services", HTMLElement).replaceChildren(...items);
  fill(dialog, known);
  return (await answer(dialog)) === "yes" ? chosenIn(dialog) : null;
}

/** @param {Service} service */
export function nameOf({ name, organization }) {
  return organization ? say("service_of", { service: name, organization }) : name;
}

/**
 * What was chosen before stays. Of a town only its region is asked about, with which the town's name ends: it says less.
 *
 * @param {HTMLDialogElement} dialog
 * @param {About} known what the search for a service knew
 */
function fill(dialog, { need, area }) {
  const [needs, areas] = [choice(dialog, "need"), choice(dialog, "area")];
  if (!needs.value) needs.value = need;
  const region = [...areas.options].find(({ value }) => value && (area === value || area.endsWith(`-${value}`)));
  if (!areas.value && region) areas.value = region.value;
}

/** @param {HTMLDialogElement} dialog */
function chosenIn(dialog) {
  return { need: choice(dialog, "need").value, area: choice(dialog, "area").value };
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} name
 */
function choice(dialog, name) {
  return find(dialog, `[name="${name}"]`, HTMLSelectElement);
}
