// The three lists beside the conversations: yours, who waits, and the last 24 hours.

import { DANGER } from "./api.js";
import { byId, copyOf, find, showChips, tell } from "./dom.js";
import { languageName, say, sayCount, spoken, stopwatch, urgencyName } from "./words.js";

/** @typedef {import("./api.js").Summary} Summary */
/** @typedef {import("./api.js").Waiting} Waiting */
/** @typedef {import("./conversation.js").Conversation} Conversation */

/**
 * Keep one element for each item, in order, and fill it in.
 *
 * @template T
 * @param {HTMLElement} list
 * @param {T[]} items
 * @param {{ code: (item: T) => string, template: string, fill: (element: HTMLElement, item: T) => void }} how
 */
export function keep(list, items, { code, template, fill }) {
  const before = new Map([...list.children].map((child) => [child.getAttribute("data-code"), child]));
  /** @type {Element | null} */
  let place = [...list.children].find((child) => child.hasAttribute("data-code")) ?? null;
  for (const item of items) {
    const known = before.get(code(item));
    const element = known instanceof HTMLElement ? known : copyOf(template);
    element.dataset["code"] = code(item);
    before.delete(code(item));
    if (element === place) place = element.nextElementSibling;
    else list.insertBefore(element, place);
    fill(element, item);
  }
  for (const [known, gone] of before) if (known) gone.remove();
}

export class Lists {
  /**
   * @param {object} on
   * @param {(code: string) => void} on.open one of yours
   * @param {(code: string) => void} on.read one of the last 24 hours
   * @param {() => void} on.queue
   */
  constructor(on) {
    this.on = on;
    this.yours = byId("yours", HTMLElement);
    this.waiting = byId("waiting", HTMLElement);
    this.recent = byId("recent", HTMLElement);
    this.toQueue = byId("to-queue", HTMLButtonElement);
    this.#listen(this.yours, on.open);
    this.#listen(this.recent, on.read);
    this.toQueue.addEventListener("click", () => on.queue());
    this.yours.addEventListener("keydown", (event) => this.#rove(event));
  }

  /**
   * @param {Conversation[]} conversations
   * @param {{ name: (conversation: Conversation) => string, active: string, shown: Set<string>, now: number,
   *   isQueue: boolean }} view
   */
  showYours(conversations, view) {
    keep(this.yours, conversations, {
      code: (each) => each.code,
      template: "yours-template",
      fill: (element, each) => this.#fillYours(element, each, view),
    });
    byId("yours-none", HTMLElement).hidden = conversations.length > 0;
    this.toQueue.setAttribute("aria-pressed", String(view.isQueue));
    this.toQueue.tabIndex = 0;
  }

  /**
   * To look at: people come by being offered.
   *
   * @param {Waiting[]} waiting
   * @param {number} now epoch seconds
   * @param {string} offered the one that is offered here
   */
  showWaiting(waiting, now, offered) {
    const places = new Map(waiting.map((each, place) => [each.code, place + 1]));
    keep(this.waiting, waiting, {
      code: (each) => each.code,
      template: "waiting-template",
      fill: (element, each) => fillWaiting(element, each, now, each.code === offered, places.get(each.code) ?? 0),
    });
    byId("waiting-none", HTMLElement).hidden = waiting.length > 0;
    for (const id of ["waiting-count", "queue-count"]) {
      tell(byId(id, HTMLElement), waiting.length ? String(waiting.length) : "");
    }
  }

  /**
   * @param {Summary[]} recent
   * @param {{ active: string, name: (summary: Summary) => string }} view
   */
  showRecent(recent, { active, name }) {
    keep(this.recent, recent, {
      code: (each) => each.code,
      template: "recent-template",
      fill: (element, each) => {
        const button = find(element, "button", HTMLButtonElement);
        button.setAttribute("aria-current", String(each.code === active));
        tell(find(button, ".tab-title", HTMLElement), name(each));
        const lasted = spoken((each.closed_at ?? 0) - (each.answered_at ?? 0));
        tell(find(button, ".tab-note", HTMLElement), each.is_answered ? say("service_news") : lasted);
      },
    });
    byId("recent-none", HTMLElement).hidden = recent.length > 0;
  }

  /**
   * @param {HTMLElement} element
   * @param {Conversation} conversation
   * @param {Parameters<Lists["showYours"]>[1]} view
   */
  #fillYours(element, conversation, { name, active, shown, now, isQueue }) {
    const button = find(element, "button", HTMLButtonElement);
    const { code, unread } = conversation;
    button.setAttribute("aria-pressed", String(code === active && !isQueue));
    button.classList.toggle("shown", shown.has(code));
    button.tabIndex = code === active ? 0 : -1;
    tell(find(button, ".tab-title", HTMLElement), name(conversation));
    tell(find(button, ".badge", HTMLElement), unread ? sayCount("new", unread) : "");
    tell(find(button, ".tab-note", HTMLElement), noteOn(conversation, now));
    const wasCurrent = element.classList.contains("current");
    element.classList.toggle("current", code === active);
    if (code === active && !wasCurrent) element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {KeyboardEvent} event arrows move along the list, as in a toolbar */
  #rove(event) {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (!step || event.altKey) return;
    const buttons = [...this.yours.querySelectorAll("button")].filter((each) => each.checkVisibility());
    const place = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (place < 0) return;
    event.preventDefault();
    buttons[(place + step + buttons.length) % buttons.length]?.focus();
  }

  /**
   * @param {HTMLElement} list
   * @param {(code: string) => void} then
   */
  #listen(list, then) {
    list.addEventListener("click", (event) => {
      if (!(event.target instanceof Element)) return;
      const item = event.target.closest("button")?.closest("[data-code]");
      if (item instanceof HTMLElement) then(item.dataset["code"] ?? "");
    });
  }
}

/**
 * @param {Conversation} conversation
 * @param {number} now
 */
function noteOn(conversation, now) {
  if (!conversation.isOpen) return conversation.status === "gone" ? "" : say("to_record");
  if (conversation.isTyping) return say("writes");
  const { latest } = conversation;
  if (!latest) return say("nothing_said");
  if (latest.by) return say("wrote_last", { name: latest.by });
  return latest.author === "counsellor" ? say("you_wrote_last") : say("waits_for_you", { time: stopwatch(now - latest.at) });
}

/**
 * @param {HTMLElement} element
 * @param {Waiting} each
 * @param {number} now
 * @param {boolean} isOffered
 * @param {number} place counts from 1
 */
function fillWaiting(element, each, now, isOffered, place) {
  tell(find(element, ".place", HTMLElement), `${place}.`);
  tell(find(element, ".wait", HTMLElement), stopwatch(now - each.since));
  element.classList.toggle("next", isOffered);
  const facts = `${each.urgency} ${each.state} ${isOffered}`;
  if (element.dataset["facts"] === facts) return;
  element.dataset["facts"] = facts;
  const isBeingOffered = each.state === "offered";
  showChips(find(element, ".chips", HTMLElement), [
    { text: urgencyName(each.urgency), kind: each.urgency === DANGER ? "danger" : "" },
    { text: each.channel },
    ...(each.language === "en" ? [] : [{ text: languageName(each.language), lang: each.language }]),
    ...(isBeingOffered ? [{ text: say(isOffered ? "offered_here" : "offered_elsewhere"), kind: "glow" }] : []),
  ]);
}
