// What was found, on screen: chips, services one below the other, and up to three of them side by side.

import { copyOf, find, tell } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./finding.js").Chip} Chip */
/** @typedef {import("./finding.js").Service} Service */

/**
 * @param {HTMLElement} list
 * @param {Chip[]} chips
 */
export function showUnderstood(list, chips) {
  list.hidden = !chips.length;
  list.replaceChildren(
    ...chips.map(({ text, drop }) => {
      const item = document.createElement("li");
      const button = pressable("drop", `${text} ×`);
      button.dataset["drop"] = drop;
      button.setAttribute("aria-label", say("take_away", { what: text }));
      item.append(button);
      return item;
    }),
  );
}

/**
 * @param {HTMLElement} line
 * @param {{ id: string, name: string }[]} same places of one name
 */
export function showSame(line, same) {
  line.hidden = !same.length;
  for (const old of line.querySelectorAll("button")) old.remove();
  for (const { id, name } of same) {
    const button = pressable("place", name);
    button.dataset["place"] = id;
    line.append(" ", button);
  }
}

/**
 * @param {HTMLElement} list
 * @param {Service[]} services
 * @param {(id: string) => boolean} isChosen
 */
export function showServices(list, services, isChosen) {
  list.replaceChildren(...services.map((service) => itemOf(service, isChosen(service.service))));
}

/**
 * @param {HTMLTableElement} table
 * @param {Service[]} services
 */
export function compare(table, services) {
  for (const old of table.querySelectorAll("thead th, tbody td")) old.remove();
  for (const service of services) {
    const head = document.createElement("th");
    head.scope = "col";
    head.textContent = service.name;
    find(table, "thead tr", HTMLTableRowElement).append(head);
  }
  for (const row of table.querySelectorAll("tr[data-row]")) {
    if (!(row instanceof HTMLTableRowElement)) continue;
    const texts = services.map((service) => textOf(service, row.dataset["row"] ?? ""));
    row.hidden = texts.every((text) => !text);
    for (const text of texts) row.insertCell().textContent = text || "–";
  }
}

/**
 * @param {Service} service
 * @param {boolean} isChosen
 */
function itemOf(service, isChosen) {
  const item = copyOf("service-template");
  item.dataset["service"] = service.service;
  const title = find(item, "h3", HTMLElement);
  title.textContent = service.name;
  title.id = `service-${service.service}`;
  for (const part of item.querySelectorAll("[data-part]")) {
    if (!(part instanceof HTMLElement)) continue;
    const text = textOf(service, part.dataset["part"] ?? "");
    tell(part instanceof HTMLDivElement ? find(part, "dd", HTMLElement) : part, text);
    part.hidden = !text;
  }
  const box = find(item, "input", HTMLInputElement);
  box.checked = isChosen;
  for (const control of [box, ...item.querySelectorAll("button")]) control.setAttribute("aria-describedby", title.id);
  find(item, '[data-finding="known"]', HTMLElement).hidden = !service.organization;
  return item;
}

/**
 * @param {Service} service
 * @param {string} part
 * @returns {string} one part of it, as a counsellor reads it
 */
function textOf(service, part) {
  if (part === "phones") return service.phones.map(({ number, about }) => (about ? `${number} (${about})` : number)).join(", ");
  if (part === "languages") return service.languages.map(([, name]) => name).join(", ");
  if (part === "for_whom") return service.for_whom.join(", ");
  if (part === "others") return service.others.join("; ");
  if (part === "checked") return service.is_stale ? say("stale") : service.checked && say("checked", { on: service.checked });
  const value = /** @type {Record<string, unknown>} */ (service)[part];
  return typeof value === "string" ? value : "";
}

/**
 * @param {string} what
 * @param {string} text
 */
function pressable(what, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset["finding"] = what;
  button.className = "understood-one";
  button.textContent = text;
  return button;
}
