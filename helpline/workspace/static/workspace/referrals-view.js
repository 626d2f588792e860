// The part of a pane that shows services: those picked for this person, those they are handed on to, and who has room.

import { Refused } from "./api.js";
import { announce, chime } from "./attention.js";
import { copyOf, find, showChips, tell } from "./dom.js";
import { preferences } from "./preferences.js";
import { askForWhatRoom, askHowToRefer, nameOf } from "./referral-dialogs.js";
import { addressOf, askForRoom, askToRefer, endRoom, followWay, keepAnswer, opened, takeBack } from "./referrals.js";
import { say } from "./words.js";

/** @typedef {import("./api.js").CapacityRequest} CapacityRequest */
/** @typedef {import("./api.js").Referral} Referral */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./referrals.js").About} About */
/** @typedef {import("./referrals.js").Service} Service */

const MOST = 5; // services that one question for room goes to
const WITH_SERVICE = ["requested", "received", "on_hold", "accepted"];

export class ReferralsView {
  /** @type {Service[]} chosen for this person; nobody has been told or asked */
  #picked = [];
  /** @type {About} */
  #known = { need: "", area: "" };
  #drawn = "";
  #title = "";
  /** @type {Map<string, string> | null} how each stood when last heard of */
  #stood = null;
  /** @type {Set<string>} codes of items to which somebody who texts or mails said yes; not kept yet */
  #ticked = new Set();
  /** @type {Set<string>} codes of what has its link shown */
  #shown = new Set();

  /**
   * @param {HTMLElement} pane
   * @param {Conversation} conversation
   */
  constructor(pane, conversation) {
    this.conversation = conversation;
    this.box = find(pane, ".handing-on", HTMLDetailsElement);
    this.picked = find(this.box, ".picked", HTMLElement);
    this.list = find(this.box, ".handed-on", HTMLElement);
    this.error = find(this.box, ".error", HTMLElement);
    this.room = find(this.box, '[data-act="room"]', HTMLButtonElement);
    this.way = find(this.box, "[data-way]", HTMLSelectElement);
    this.wayNote = find(this.box, ".way .soft", HTMLElement);
    this.way.addEventListener("change", () => void this.#tried(() => followWay(conversation, this.way.value)));
    this.box.addEventListener("click", (event) => {
      const pressed = event.target instanceof Element && event.target.closest("button[data-act]");
      if (pressed instanceof HTMLButtonElement) void this.#act(pressed);
    });
  }

  /**
   * A service that the search has found, for this person.
   *
   * @param {Service} service
   * @param {About} known
   */
  pick(service, known) {
    const isThere = this.#picked.some(({ id }) => id === service.id);
    if (!isThere && this.#picked.length >= MOST) return announce(say("picked_full"));
    if (!isThere) this.#picked.push(service);
    this.#known = known;
    this.box.open = true;
    this.#draw();
    announce(say("picked", { service: service.name }));
    find(this.picked, `[data-code="${service.id}"] button`, HTMLButtonElement).focus();
  }

  /** @param {string} title what the desk calls the conversation */
  show(title) {
    this.#title = title;
    this.#tellNews();
    this.#draw();
  }

  get #now() {
    const now = this.conversation.status === "gone" ? null : this.conversation.company.now;
    return { referrals: now?.referrals ?? [], rooms: now?.capacity_requests ?? [], way: now?.pathway ?? null };
  }

  #tellNews() {
    const { referrals, rooms } = this.#now;
    const before = this.#stood;
    this.#stood = new Map([...referrals, ...rooms].map((each) => [each.code, each.state]));
    if (!before) return;
    const news = [
      ...referrals.filter(({ code, state }) => before.has(code) && before.get(code) !== state).map((each) => this.#newsOf(each)),
      ...rooms.filter(({ code, state }) => before.get(code) === "open" && state === "taken").map(roomSentence),
    ];
    for (const sentence of news) announce(sentence);
    if (news.length && preferences.sound) void chime();
  }

  /** @param {Referral} referral */
  #newsOf(referral) {
    return say("referral_news", { chat: this.#title, service: referral.service, state: stateSentence(referral) });
  }

  #draw() {
    const { referrals, rooms, way } = this.#now;
    this.#drawWay(way);
    const { isOpen, seed, status } = this.conversation;
    if (!seed) this.#shown.clear(); // locked, or gone: no link stays on the page
    const isReady = isOpen && status === "ready";
    const picked = isOpen ? this.#picked : [];
    this.box.hidden = !picked.length && !referrals.length && !rooms.length && !way;
    const drawn = JSON.stringify([picked, referrals, rooms, isReady, [...this.#shown], Boolean(this.conversation.carried.now)]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = focusIn(this.box);
    this.picked.replaceChildren(...picked.map((each) => pickedItem(each, isReady)));
    this.room.hidden = !picked.length;
    this.room.disabled = !isReady;
    this.list.replaceChildren(...rooms.map((each) => this.#roomItem(each)), ...referrals.map((each) => this.#item(each)));
    focused();
  }

  /** @param {import("./api.js").Pathway | null} way */
  #drawWay(way) {
    if (document.activeElement !== this.way) this.way.value = way?.state ?? "";
    for (const none of this.way.querySelectorAll('[value=""]')) none.toggleAttribute("disabled", way !== null);
    tell(this.wayNote, way ? waySentence(way) : "");
  }

  /** @param {Referral} referral */
  #item(referral) {
    const { code, state, service: name, organization, items } = referral;
    const isLive = state === "asked" || WITH_SERVICE.includes(state);
    const item = lineOf(code, nameOf({ id: "", name, organization }), aboutOf(referral), stateSentence(referral));
    showChips(find(item, ".chips", HTMLElement), state === "asked" ? [] : items.map((each) => ({ text: itemSentence(each) })));
    const tools = find(item, ".tools", HTMLElement);
    if (WITH_SERVICE.includes(state)) {
      tools.append(tool("link", say(this.#shown.has(code) ? "hide_link" : "show_link")));
      for (const each of items.filter(({ is_agreed, what }) => is_agreed && what !== "need")) {
        tools.append(tool("back", say("take_back_item", { what: say(`item_${each.what}`) }), each.code));
      }
      if (this.#shown.has(code)) void this.#showLink(item, "referral", referral, code, referral.link, name);
    }
    if (state === "asked" && this.conversation.carried.now) this.#askHere(item, referral);
    if (isLive) tools.append(tool("back", say("take_back_referral")));
    return item;
  }

  /**
   * Whoever reads by text or mail has no page on which to tick what they agree to: it is ticked here on their word.
   *
   * @param {HTMLElement} item
   * @param {Referral} referral
   */
  #askHere(item, { items }) {
    const box = copyOf("on-their-word-template");
    for (const { code, what } of items) {
      const label = document.createElement("label");
      const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: this.#ticked.has(code) });
      tick.addEventListener("change", () => (tick.checked ? this.#ticked.add(code) : this.#ticked.delete(code)));
      label.append(tick, ` ${say(`item_${what}`)}`);
      box.append(label);
    }
    find(item, ".chips", HTMLElement).before(box);
    find(item, ".tools", HTMLElement).append(tool("answer", say("keep_answer")));
  }

  /** @param {string} code */
  async #keepAnswer(code) {
    const items = this.#now.referrals.find((each) => each.code === code)?.items ?? [];
    await keepAnswer(this.conversation, code, items.map((each) => each.code).filter((each) => this.#ticked.has(each)));
  }

  /** @param {CapacityRequest} request */
  #roomItem(request) {
    const { code, state, asks } = request;
    const item = lineOf(code, roomSentence(request), "", "");
    showChips(
      find(item, ".chips", HTMLElement),
      asks.map(({ service, state: word }) => ({ text: say("ask_of", { service, state: say(`ask_${word}`) }) })),
    );
    const tools = find(item, ".tools", HTMLElement);
    if (state === "open") {
      tools.append(tool("link", say(this.#shown.has(code) ? "hide_link" : "show_link")));
      for (const each of this.#shown.has(code) ? asks.filter((one) => one.state === "asked") : []) {
        void this.#showLink(item, "room", request, each.code, each.link, each.service);
      }
    }
    if (state === "open" || state === "taken") tools.append(tool("end", say(state === "open" ? "end_room" : "end_meeting")));
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {"referral" | "room"} kind
   * @param {import("./api.js").Asked} asked
   * @param {string} code
   * @param {string} sealed
   * @param {string} service
   */
  async #showLink(item, kind, asked, code, sealed, service) {
    const secret = await opened(this.conversation, asked, code, sealed);
    const address = secret && addressOf(kind, secret);
    const line = copyOf("link-template");
    const box = find(line, "input", HTMLInputElement);
    box.value = address ?? "";
    box.hidden = !address;
    box.addEventListener("focus", () => box.select());
    tell(find(line, "span", HTMLElement), say("link_for", { service }));
    tell(find(line, ".soft", HTMLElement), secret === null ? say("link_unreadable") : address ? "" : say("no_portal"));
    find(item, ".links", HTMLElement).append(line);
  }

  /** @param {HTMLButtonElement} pressed */
  async #act(pressed) {
    const { act, item = "" } = pressed.dataset;
    const code = pressed.closest("li")?.dataset["code"] ?? "";
    await this.#tried(async () => {
      if (act === "room") await this.#askForRoom();
      if (act === "refer") await this.#refer(code);
      if (act === "drop") this.#drop(code);
      if (act === "link") this.#toggleLink(code);
      if (act === "back") await takeBack(this.conversation, code, item);
      if (act === "answer") await this.#keepAnswer(code);
      if (act === "end") await endRoom(this.conversation, code);
    });
  }

  /** @param {() => Promise<void>} step */
  async #tried(step) {
    tell(this.error, "");
    try {
      await step();
      await this.conversation.company.read();
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      tell(this.error, say("failed"));
    }
  }

  /** @param {string} id */
  async #refer(id) {
    const service = this.#picked.find((each) => each.id === id);
    const wish = service && (await askHowToRefer(this.conversation, service, this.#known));
    if (!wish) return;
    await askToRefer(this.conversation, service, wish);
    this.#picked = this.#picked.filter((each) => each !== service);
  }

  async #askForRoom() {
    const services = [...this.#picked];
    const about = await askForWhatRoom(services, this.#known);
    if (!about) return;
    await askForRoom(this.conversation, services, about);
    this.#picked = [];
  }

  /** @param {string} id */
  #drop(id) {
    this.#picked = this.#picked.filter((each) => each.id !== id);
    this.#draw();
  }

  /** @param {string} code */
  #toggleLink(code) {
    if (!this.#shown.delete(code)) this.#shown.add(code);
    this.#draw();
  }
}

/**
 * @param {Service} service
 * @param {boolean} isReady
 */
function pickedItem(service, isReady) {
  const item = copyOf("picked-template");
  item.dataset["code"] = service.id;
  tell(find(item, "span", HTMLElement), nameOf(service));
  const refer = find(item, '[data-act="refer"]', HTMLButtonElement);
  refer.disabled = !isReady;
  refer.setAttribute("aria-label", say("hand_on", { service: service.name }));
  find(item, '[data-act="drop"]', HTMLButtonElement).setAttribute("aria-label", say("leave_out", { service: service.name }));
  return item;
}

/**
 * @param {string} code
 * @param {string} name
 * @param {string} about
 * @param {string} state
 */
function lineOf(code, name, about, state) {
  const item = copyOf("handed-on-template");
  item.dataset["code"] = code;
  tell(find(item, "strong", HTMLElement), name);
  tell(find(item, ".soft", HTMLElement), about);
  tell(find(item, ".state", HTMLElement), state);
  return item;
}

/**
 * @param {string} act
 * @param {string} text
 * @param {string} [item]
 */
function tool(act, text, item = "") {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "tool", textContent: text });
  Object.assign(button.dataset, { act, ...(item ? { item } : {}) });
  return button;
}

/** @param {Referral} referral */
function stateSentence({ kind, state, was_agreed, is_reached }) {
  if (kind === "signpost") return say("referral_signpost");
  if (state === "withdrawn" && !was_agreed) return say("referral_refused");
  return [say(`referral_${state}`), is_reached ? say("referral_reached") : ""].join(" ").trim();
}

/** @param {import("./api.js").Pathway} way */
function waySentence({ ask_from: day, is_due: isDue, by_person: isTheirs }) {
  const asked = isDue ? say("way_due") : day ? say("way_ask_from", { day }) : say("way_not_asked");
  return [isTheirs ? say("way_by_person") : "", asked].join(" ").trim();
}

/** @param {CapacityRequest} request */
function roomSentence(request) {
  const found = request.asks.find(({ state }) => state === "yes");
  const names = { about: needOf(request), service: found?.service ?? "", words: request.meeting_code };
  return say(`room_${request.state}`, names);
}

/** @param {import("./api.js").ReferralItem} item */
function itemSentence({ what, is_agreed, is_withdrawn }) {
  const word = is_withdrawn ? "withdrawn" : is_agreed ? "agreed" : "no";
  return say(`item_${word}`, { what: say(`item_${what}`) });
}

/** @param {Referral} referral */
function aboutOf(referral) {
  return [needOf(referral), referral.until ? say("until_day", { day: referral.until }) : ""].filter(Boolean).join(" · ");
}

/** @param {{ need: string, area: string }} asked */
function needOf({ need, area }) {
  return area ? `${need}, ${area}` : need;
}

/**
 * Where the keyboard was, so that it is there again after everything is drawn anew.
 *
 * @param {HTMLElement} box
 */
function focusIn(box) {
  const was = document.activeElement;
  const code = was?.closest("li")?.dataset["code"];
  const act = was instanceof HTMLElement ? was.dataset["act"] : undefined;
  if (!was || !box.contains(was) || !act) return () => {};
  return () => {
    const there = code && box.querySelector(`[data-code="${CSS.escape(code)}"] [data-act="${act}"]`);
    const next = there || box.querySelector("summary");
    if (next instanceof HTMLElement) next.focus();
  };
}
