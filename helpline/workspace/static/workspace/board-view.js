// The board on screen: lines, who waits, what is open, who is there. What needs a supervisor is board-needs.js.

import { byId, find, showChips, tell } from "./dom.js";
import { keep } from "./lists.js";
import { clock, languageName, oneOf, say, sayCount, stopwatch } from "./words.js";

/** @typedef {import("./board-feed.js").BoardShape} BoardShape */
/** @typedef {import("./board-feed.js").BoardLine} BoardLine */
/** @typedef {import("./board-feed.js").BoardMember} BoardMember */
/** @typedef {import("./board-feed.js").BoardOpen} BoardOpen */
/** @typedef {import("./board-feed.js").BoardWaiting} BoardWaiting */
/** @typedef {{ text: string, kind?: string, lang?: string }} Chip */

const PAGE = 60; // rows: more than a screen or two; the rest when asked for
const DANGER = 1;

export class BoardView {
  #waitingShown = PAGE;
  #openShown = PAGE;
  /** @type {Map<string, string>} */
  #names = new Map();
  /** @type {Map<string, BoardMember>} */
  #staff = new Map();

  /**
   * @param {object} on
   * @param {(code: string) => void} on.read
   * @param {(code: string) => void} on.manage
   * @param {(code: string, most: number) => void} on.most
   * @param {() => void} on.changed what is to be shown was chosen anew
   */
  constructor(on) {
    this.line = byId("board-filter-line", HTMLSelectElement);
    this.urgency = byId("board-filter-urgency", HTMLSelectElement);
    this.name = byId("board-filter-name", HTMLInputElement);
    for (const urgency of [1, 2, 3, 4]) this.urgency.add(new Option(oneOf("board_urgencies", urgency), String(urgency)));
    for (const filter of [this.line, this.urgency, this.name]) filter.addEventListener("input", () => on.changed());
    this.#listen(byId("board-waiting", HTMLElement), on);
    this.#listen(byId("board-open", HTMLElement), on);
    this.#onMore("board-waiting-more", () => (this.#waitingShown += PAGE), on);
    this.#onMore("board-open-more", () => (this.#openShown += PAGE), on);
    byId("board-staff", HTMLElement).addEventListener("change", ({ target }) => {
      const code = target instanceof HTMLSelectElement && target.closest("li")?.dataset["code"];
      if (code && target instanceof HTMLSelectElement) on.most(code, Number(target.value));
    });
  }

  /**
   * @param {BoardShape} shape
   * @param {number} now
   */
  show(shape, now) {
    this.#staff = new Map(shape.staff.map((member) => [member.code, member]));
    this.#names = namesOf([...shape.waiting, ...shape.open]);
    this.#showFilters(shape.lines);
    keep(byId("board-lines", HTMLElement), shape.lines, {
      code: ({ slug }) => slug,
      template: "board-line-template",
      fill: (element, line) => this.#fillLine(element, line, shape, now),
    });
    this.#showWaiting(shape, now);
    this.#showOpen(shape, now);
    this.#showStaff(shape, now);
  }

  /** @param {string} code of a conversation */
  nameOf(code) {
    return this.#names.get(code) ?? "";
  }

  /** @param {string} code of somebody of staff */
  whoIs(code) {
    return this.#staff.get(code)?.name ?? "";
  }

  // Lines

  /** @param {BoardLine[]} lines */
  #showFilters(lines) {
    if (this.line.options.length - 1 === lines.length) return;
    this.line.length = 1;
    for (const { slug, name } of lines) this.line.add(new Option(name, slug));
  }

  /**
   * @param {HTMLElement} element
   * @param {BoardLine} line
   * @param {BoardShape} shape
   * @param {number} now
   */
  #fillLine(element, line, shape, now) {
    const waiting = shape.waiting.filter((each) => each.line === line.slug && each.state !== "left");
    const there = shape.staff.filter((each) => each.is_there && each.lines.includes(line.slug));
    const free = there.filter((each) => each.state === "available");
    const since = Math.min(...waiting.map((each) => each.since));
    put(element, "h3", line.name);
    put(element, ".count", waiting.length ? sayCount("board_waiting", waiting.length) : say("board_nobody_waits"));
    put(element, ".longest", waiting.length ? say("board_longest", { time: stopwatch(now - since) }) : "");
    put(element, ".line-answered", String(line.answered));
    put(element, ".line-abandoned", String(line.abandoned));
    put(element, ".line-duty", String(there.length));
    put(element, ".line-hands", String(free.reduce((sum, each) => sum + Math.max(0, each.capacity - each.load), 0)));
    const overdue = waiting.filter((each) => each.due_at < now && each.state === "waiting").length;
    chips(element, [
      ...[1, 2, 3, 4].flatMap((urgency) => {
        const count = waiting.filter((each) => each.urgency === urgency).length;
        const text = say("board_class_count", { urgency: oneOf("board_urgencies", urgency), count });
        return count ? [{ text, ...(urgency === DANGER && { kind: "danger" }) }] : [];
      }),
      ...(overdue ? [{ text: sayCount("board_overdue", overdue), kind: "glow" }] : []),
    ]);
  }

  // Conversations

  /**
   * @param {BoardShape} shape
   * @param {number} now
   */
  #showWaiting({ waiting, lines }, now) {
    badge("board-waiting-count", waiting.length);
    byId("board-waiting-none", HTMLElement).hidden = waiting.length > 0;
    this.#rows("board-waiting", waiting.slice(0, this.#waitingShown), (element, each) => {
      this.#fillRow(element, each, lines, [
        ...(each.state === "waiting" && each.due_at < now ? [{ text: say("board_is_overdue"), kind: "glow" }] : []),
        ...(each.state === "offered" ? [{ text: say("board_state_offered") }] : []),
        ...(each.state === "left" ? [{ text: say("board_state_left") }] : []),
        ...(each.has_key ? [] : [{ text: say("board_state_keyless"), kind: "glow" }]),
        ...(each.needs_supervisor ? [{ text: say("board_needs_supervisor") }] : []),
      ]);
      put(element, ".row-who", lineName(lines, each.line));
      put(element, ".row-time", say("board_waits", { time: stopwatch(now - each.since) }));
    });
    more("board-waiting-more", waiting.length - this.#waitingShown);
  }

  /**
   * @param {BoardShape} shape
   * @param {number} now
   */
  #showOpen({ open, lines }, now) {
    const chosen = open.filter((each) => this.#isChosen(each)).sort(dangerFirst);
    badge("board-open-count", open.length);
    byId("board-open-none", HTMLElement).hidden = chosen.length > 0;
    this.#rows("board-open", chosen.slice(0, this.#openShown), (element, each) => {
      this.#fillRow(element, each, lines, [
        ...each.companions.map(({ pseudonym, kind }) => ({ text: say(`board_${kind}`, { name: pseudonym }), kind: "calm" })),
        ...(each.has_key ? [] : [{ text: say("board_state_keyless"), kind: "glow" }]),
      ]);
      put(element, ".row-who", say("board_with", { name: this.whoIs(each.counsellor) }));
      put(element, ".row-time", say("board_lasts", { time: stopwatch(now - each.started_at) }));
      const read = find(element, '[data-do="read"]', HTMLButtonElement);
      read.hidden = false;
      label(read, say("board_read_along_in", { chat: this.nameOf(each.code) }));
    });
    more("board-open-more", chosen.length - this.#openShown);
  }

  /** @param {BoardOpen} conversation */
  #isChosen({ line, urgency, counsellor }) {
    const isOfLine = !this.line.value || this.line.value === line;
    const isOfClass = !this.urgency.value || Number(this.urgency.value) === urgency;
    const wanted = this.name.value.trim().toLocaleLowerCase();
    const member = this.#staff.get(counsellor);
    const isTheirs = `${member?.name} ${member?.pseudonym}`.toLocaleLowerCase().includes(wanted);
    return isOfLine && isOfClass && isTheirs;
  }

  /**
   * @template {{ code: string }} T
   * @param {string} id
   * @param {T[]} items
   * @param {(element: HTMLElement, item: T) => void} fill
   */
  #rows(id, items, fill) {
    keep(byId(id, HTMLElement), items, { code: ({ code }) => code, template: "board-row-template", fill });
  }

  /**
   * @param {HTMLElement} element
   * @param {BoardWaiting | BoardOpen} each
   * @param {BoardLine[]} lines
   * @param {Chip[]} marks
   */
  #fillRow(element, each, lines, marks) {
    put(element, ".row-name", this.nameOf(each.code));
    const isOnlyLine = lines.length === 1 || !("counsellor" in each);
    chips(element, [
      ...(each.urgency === DANGER ? [{ text: oneOf("board_urgencies", DANGER), kind: "danger" }] : []),
      ...(each.urgency === DANGER || each.urgency === 3 ? [] : [{ text: oneOf("board_urgencies", each.urgency) }]),
      ...marks,
      ...(isOnlyLine ? [] : [{ text: lineName(lines, each.line) }]),
      ...(each.channel === "webchat" ? [] : [{ text: oneOf("board_channels", each.channel) }]),
      ...(each.language === "en" ? [] : [{ text: languageName(each.language), lang: each.language }]),
    ]);
    label(find(element, '[data-do="manage"]', HTMLElement), say("board_manage_of", { chat: this.nameOf(each.code) }));
  }

  // Staff

  /**
   * @param {BoardShape} shape
   * @param {number} now
   */
  #showStaff({ staff, limits }, now) {
    badge("board-staff-count", staff.filter((each) => each.is_there).length);
    byId("board-staff-none", HTMLElement).hidden = staff.length > 0;
    keep(byId("board-staff", HTMLElement), staff, {
      code: ({ code }) => code,
      template: "board-member-template",
      fill: (element, member) => {
        const { name, pseudonym, load, capacity, shift_began_at: began } = member;
        put(element, ".member-name", name);
        put(element, ".member-as", member.role === "supervisor" ? `${pseudonym} · ${say("board_supervisor")}` : pseudonym);
        put(element, ".member-state", member.is_there ? oneOf("board_states", member.state) : say("board_mark_gone"));
        put(element, ".member-shift", began && member.is_there ? say("board_shift", { time: hours(now - began) }) : "");
        put(element, ".load", say("board_load", { load, capacity }));
        const meter = find(element, "meter", HTMLMeterElement);
        [meter.max, meter.value] = [capacity, load];
        const most = find(element, "select", HTMLSelectElement);
        if (document.activeElement !== most) most.value = String(member.max_capacity);
        label(most, say("board_most_for", { name }));
        put(element, ".member-most span", say("board_most"));
        chips(element, marksOf(member, limits, now));
        element.classList.toggle("over", overLimits(member, limits, now).length > 0);
      },
    });
  }

  // Pressing

  /**
   * @param {HTMLElement} list
   * @param {{ read: (code: string) => void, manage: (code: string) => void }} on
   */
  #listen(list, on) {
    list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element && target.closest("button");
      const code = button && button.closest("li")?.dataset["code"];
      if (!button || !code) return;
      if (button.dataset["do"] === "read") on.read(code);
      else on.manage(code);
    });
  }

  /**
   * @param {string} id
   * @param {() => void} show
   * @param {{ changed: () => void }} on
   */
  #onMore(id, show, on) {
    byId(id, HTMLElement).addEventListener("click", () => {
      show();
      on.changed();
    });
  }
}

/**
 * Of the limits of a shift those that somebody is past, in words.
 *
 * @param {BoardMember} member
 * @param {BoardShape["limits"]} limits
 * @param {number} now
 */
export function overLimits({ heavy, abusive, shift_began_at: began, is_there: isThere }, limits, now) {
  const seconds = began && isThere ? now - began : 0;
  return [
    ...(heavy >= limits.heavy ? [sayCount("board_heavy", heavy)] : []),
    ...(abusive >= limits.abusive ? [sayCount("board_abusive", abusive)] : []),
    ...(seconds >= limits.shift_seconds ? [say("board_long_shift", { time: hours(seconds) })] : []),
  ];
}

/**
 * How long somebody has worked without a break, once one is due.
 *
 * @param {BoardMember} member
 * @param {BoardShape["limits"]} limits
 * @param {number} now
 */
export function withoutBreak({ working_since: since, is_there: isThere }, limits, now) {
  const seconds = since && isThere ? now - since : 0;
  return seconds >= limits.break_seconds ? hours(seconds) : "";
}

/**
 * @param {BoardMember} member
 * @param {BoardShape["limits"]} limits
 * @param {number} now
 * @returns {Chip[]}
 */
function marksOf(member, limits, now) {
  const over = overLimits(member, limits, now);
  return [
    ...(over.length ? [{ text: `⚠ ${say("board_mark_over")}`, kind: "danger" }] : []),
    ...(member.is_break_offered || withoutBreak(member, limits, now) ? [{ text: say("board_mark_break"), kind: "glow" }] : []),
    ...(member.heavy ? [{ text: sayCount("board_heavy", member.heavy) }] : []),
    ...(member.abusive ? [{ text: sayCount("board_abusive", member.abusive) }] : []),
    ...(member.is_new_starter ? [{ text: say("board_mark_new") }] : []),
  ];
}

/**
 * What each is called: when it began, and a letter where several began in the same minute. Nobody has a name.
 *
 * @param {{ code: string, started_at: number }[]} conversations
 */
function namesOf(conversations) {
  /** @type {Map<string, string[]>} */
  const minutes = new Map();
  for (const { code, started_at: at } of [...conversations].sort((one, other) => one.started_at - other.started_at)) {
    const time = clock(at);
    minutes.set(time, [...(minutes.get(time) ?? []), code]);
  }
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const [minute, codes] of minutes) {
    codes.forEach((code, place) => {
      names.set(code, say("chat", { time: codes.length > 1 ? `${minute} ${letters(place)}` : minute }));
    });
  }
  return names;
}

/** @param {number} place 0 is A, 26 is AA */
function letters(place) {
  /** @type {(place: number) => string} */
  const letter = (each) => String.fromCodePoint("A".charCodeAt(0) + each);
  return place < 26 ? letter(place) : letter(Math.floor(place / 26) - 1) + letter(place % 26);
}

/**
 * @param {BoardOpen} one
 * @param {BoardOpen} other
 */
function dangerFirst(one, other) {
  return Number(other.urgency === DANGER) - Number(one.urgency === DANGER) || one.started_at - other.started_at;
}

/**
 * @param {BoardLine[]} lines
 * @param {string} slug
 */
function lineName(lines, slug) {
  return lines.find((line) => line.slug === slug)?.name ?? slug;
}

/** @param {number} seconds as 3:20, hours and minutes: nobody counts the seconds of a shift */
function hours(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/**
 * @param {HTMLElement} element
 * @param {string} selector
 * @param {string} text
 */
function put(element, selector, text) {
  tell(find(element, selector, HTMLElement), text);
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function label(element, text) {
  if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
}

/**
 * Drawn anew only when they are others: two hundred people are shown every second.
 *
 * @param {HTMLElement} element
 * @param {Chip[]} all
 */
function chips(element, all) {
  const list = find(element, ".chips", HTMLElement);
  const signature = all.map(({ text }) => text).join("\n");
  if (list.dataset["shown"] === signature) return;
  list.dataset["shown"] = signature;
  showChips(list, all);
}

/**
 * @param {string} id
 * @param {number} count
 */
function badge(id, count) {
  tell(byId(id, HTMLElement), count ? String(count) : "");
}

/**
 * @param {string} id
 * @param {number} count of those not shown
 */
function more(id, count) {
  tell(byId(id, HTMLElement), count > 0 ? say("board_more", { count }) : "");
}
