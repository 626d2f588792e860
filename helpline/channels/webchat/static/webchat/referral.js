// Being handed on to a service: what it would be told, item by item, before anything is; and taking it back.

import { element, say } from "./page.js";
import { postUntilAnswered, Refused } from "./post.js";

/** @typedef {import("./keys.js").Keys} Keys */
/** @typedef {{ code: string, what: "need" | "note" | "contact" | "join" | "reached", is_agreed: boolean, sealed: string }} Item */
/** @typedef {{ code: string, by: string, service: string, organization: string, need: string, area: string,
 *   until: string, state: string, is_reached: boolean, is_here: boolean, key_id: string, key: string, items: Item[] }} Referral */
/** @typedef {{ state: string, is_due: boolean, ask_from: string, days: number[], says: string[] }} Way to ACC therapy */
/** @typedef {{ words: Record<string, string>, language: string, referrals: Referral[], way: Way | null }} Told */

const ANSWERABLE = ["requested", "received", "on_hold", "accepted"];

export class Referrals {
  /** @param {Keys} keys */
  constructor(keys) {
    this.keys = keys;
    this.news = "";
    /** @type {Record<string, string>} */
    this.words = {};
    /** @type {Map<string, { told: string, card: HTMLElement }>} as it was drawn, so that ticks stay while nothing changes */
    this.cards = new Map();
    /** @type {Promise<void>} one at a time, so that an older answer never replaces a newer one */
    this.telling = Promise.resolve();
    this.isWayOpen = false;
  }

  /** @param {string} news what changes when anything here does */
  async show(news) {
    if (news === this.news) return;
    this.news = news;
    await this.#tell(() => postUntilAnswered("referrals", this.keys.proof));
  }

  /** In the language of now. Cards are drawn anew where nothing is ticked yet. */
  async tellAgain() {
    if (!this.news) return;
    if (!element("referrals").querySelector(":checked")) this.cards.clear();
    await this.#tell(() => postUntilAnswered("referrals", this.keys.proof));
  }

  /** @param {() => Promise<Told>} ask */
  #tell(ask) {
    this.telling = this.telling.then(() => this.#draw(ask));
    return this.telling;
  }

  /** @param {() => Promise<Told>} ask */
  async #draw(ask) {
    try {
      const { words, language, referrals, way } = await ask();
      this.words = words;
      for (const place of ["referrals", "referral-said"]) element(place).lang = language;
      const cards = await Promise.all(referrals.map((each) => this.#cardOf(each)));
      element("referrals").replaceChildren(...cards, ...(way ? [this.#wayCard(way)] : []));
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // it ended meanwhile: the state says so
    }
  }

  /** @param {Referral} referral */
  async #cardOf(referral) {
    const told = JSON.stringify(referral);
    const known = this.cards.get(referral.code);
    if (known?.told === told) return known.card;
    const card = referral.state === "asked" ? await this.#question(referral) : await this.#shared(referral);
    this.cards.set(referral.code, { told, card });
    if (known) this.#follow(known.card, card, referral);
    return card;
  }

  /**
   * What was folded open stays so, the keyboard stays where it was, and how it stands now is said.
   *
   * @param {HTMLElement} before
   * @param {HTMLElement} card
   * @param {Referral} referral
   */
  #follow(before, card, referral) {
    if (before instanceof HTMLDetailsElement && card instanceof HTMLDetailsElement) card.open = before.open;
    if (before.contains(document.activeElement)) setTimeout(() => card.querySelector(/** @type {"h2"} */ ("h2, summary"))?.focus());
    element("referral-said").classList.add("hidden-visually");
    say("referral-said", this.#word(referral.state));
  }

  /** @param {Referral} referral */
  async #question(referral) {
    const card = this.#card(referral, "title");
    card.append(made("p", this.#word("service", referral)), made("p", this.#word("why", referral)));
    const need = referral.items.find(({ what }) => what === "need");
    card.append(list([made("li", this.#what(referral, "need"))]));
    const others = referral.items.filter((each) => each !== need);
    /** @type {HTMLInputElement[]} */
    const boxes = [];
    if (others.length) card.append(made("p", this.#word("more")));
    for (const item of others) card.append(await this.#choice(referral, item, boxes));
    const chosen = () => boxes.filter((each) => each.checked).map((each) => each.value);
    const yes = button(this.#word("yes"), () => this.#answer(referral, need ? [need.code, ...chosen()] : []));
    const no = button(this.#word("no"), () => this.#answer(referral, []), "quiet");
    card.append(row(yes, no));
    say("referral-said", this.#word("asks", referral));
    element("referral-said").classList.add("hidden-visually"); // the card itself is in sight
    setTimeout(() => card.scrollIntoView({ block: "start", behavior: "auto" })); // to be read from its beginning
    return card;
  }

  /**
   * @param {Referral} referral
   * @param {Item} item
   * @param {HTMLInputElement[]} boxes
   */
  async #choice(referral, item, boxes) {
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", value: item.code, autocomplete: "off" });
    boxes.push(box);
    const label = made("label", "", "choice");
    label.append(box, ` ${this.#what(referral, item.what)}`);
    const choice = made("div", "", "stack");
    choice.append(label, ...(await this.#text(referral, item)));
    return choice;
  }

  /**
   * Folded, so that the words of the chat keep their room; how it stands is in sight.
   *
   * @param {Referral} referral
   */
  async #shared(referral) {
    const state = [this.#word(referral.state), referral.is_reached ? this.#word("is_reached") : ""].join(" ").trim();
    if (!ANSWERABLE.includes(referral.state)) {
      const card = this.#card(referral, "shared");
      card.append(made("p", state));
      return card;
    }
    const card = made("details", "", "panel calm handover");
    const summary = made("summary", `${this.#word("shared", referral)} `);
    summary.append(made("span", state, "soft"));
    const told = made("p", `${this.#word("service", referral)} ${this.#word("until", referral)}`, "small soft");
    const items = [];
    for (const item of referral.items.filter((each) => each.is_agreed)) {
      const line = made("li", this.#what(referral, item.what));
      line.append(...(await this.#text(referral, item)));
      if (item.what !== "need") line.append(this.#takeBack(referral, item));
      items.push(line);
    }
    const all = row(button(this.#word("take_back_all"), () => this.#withdraw(referral, null), "quiet"));
    card.append(summary, told, list(items), all);
    return referral.is_here ? this.#hereCard(referral, card) : card;
  }

  /**
   * While somebody of the service is in the chat, one press that asks them to leave is in sight.
   *
   * @param {Referral} referral
   * @param {HTMLElement} more what else they may know, folded
   */
  #hereCard(referral, more) {
    const joined = referral.items.find(({ what }) => what === "join");
    const card = this.#card(referral, "here");
    more.className = "";
    card.append(row(button(this.#word("out"), () => this.#withdraw(referral, joined?.code ?? null))), more);
    return card;
  }

  /**
   * @param {Referral} referral
   * @param {Item} item
   */
  #takeBack(referral, item) {
    const taking = button(this.#word("take_back"), () => this.#withdraw(referral, item.code), "quiet");
    taking.setAttribute("aria-label", this.#word("take_back_named", { what: this.#what(referral, item.what) }));
    return row(taking);
  }

  /**
   * A way that takes weeks; folded, unless they wanted to be asked by now.
   *
   * @param {Way} way
   */
  #wayCard(way) {
    const card = made("details", "", "panel calm handover");
    card.toggleAttribute("open", way.is_due || this.isWayOpen);
    card.addEventListener("toggle", () => (this.isWayOpen = card.hasAttribute("open")));
    const summary = made("summary", `${this.#word("way")} `);
    summary.append(made("span", this.#word(`way_${way.state}`), "soft"));
    const says = way.says.map((each) => button(this.#word(`way_says_${each}`), () => this.#tellWay("say-how", { says: each }), "quiet"));
    const choice = document.createElement("select");
    choice.setAttribute("aria-label", this.#word("way_ask"));
    choice.append(new Option(this.#word("way_never"), "0"));
    for (const days of way.days) choice.append(new Option(this.#word("way_days", { days }), String(days)));
    const keep = button(this.#word("way_keep"), () => this.#tellWay("ask-me", { days: Number(choice.value) }), "quiet");
    card.append(summary, made("p", way.is_due ? this.#word("way_due") : ""), row(...says));
    const from = way.ask_from && !way.is_due ? this.#word("way_from", { day: way.ask_from }) : "";
    card.append(made("p", `${this.#word("way_ask")} ${from}`.trim()), row(choice, keep));
    return card;
  }

  /**
   * @param {"say-how" | "ask-me"} what
   * @param {object} told
   */
  async #tellWay(what, told) {
    await this.#tell(() => postUntilAnswered(`referrals/${what}`, { ...this.keys.proof, ...told }));
    this.#say(this.#word("way_kept"));
  }

  /**
   * @param {Referral} referral
   * @param {string} title
   */
  #card(referral, title) {
    const card = made("div", "", "panel calm stack handover");
    const heading = made("h2", this.#word(title, referral));
    heading.id = `referral-${referral.code}`;
    heading.tabIndex = -1;
    card.setAttribute("role", "group");
    card.setAttribute("aria-labelledby", heading.id);
    card.append(heading);
    return card;
  }

  /**
   * The words of an item, if it has any.
   *
   * @param {Referral} referral
   * @param {Item} item
   * @returns {Promise<HTMLElement[]>}
   */
  async #text({ by, key, key_id }, { code, sealed, what }) {
    if (!sealed) return [];
    this.keys.learn({ key_id, author: "counsellor", by, sealed: key });
    const opening = this.keys.open({ author: "counsellor", client_id: code, key_id, sealed });
    const text = made("blockquote", await opening.catch(() => this.#word("cannot_open")), "note");
    text.dir = "auto";
    text.tabIndex = 0;
    text.setAttribute("aria-label", this.#word(what, { by }));
    return [text];
  }

  /**
   * @param {Referral} referral
   * @param {string} what
   */
  #what(referral, what) {
    return this.#word(what === "need" && referral.area ? "need_area" : what, referral);
  }

  /**
   * @param {Referral} referral
   * @param {string[]} agreed
   */
  async #answer(referral, agreed) {
    await this.#tell(() => postUntilAnswered("referrals/consent", { ...this.keys.proof, referral: referral.code, agreed }));
    this.#say(this.#word(agreed.length ? "agreed" : "refused", referral));
    element("text").focus();
  }

  /**
   * @param {Referral} referral
   * @param {string | null} item
   */
  async #withdraw(referral, item) {
    await this.#tell(() => postUntilAnswered("referrals/take-back", { ...this.keys.proof, referral: referral.code, item }));
    this.#say(this.#word("taken_back"));
  }

  /** @param {string} sentence */
  #say(sentence) {
    element("referral-said").classList.remove("hidden-visually");
    say("referral-said", sentence);
  }

  /**
   * @param {string} name
   * @param {object} [values]
   */
  #word(name, values = {}) {
    const sentence = this.words[name] ?? "";
    return Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, String(value)), sentence);
  }
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} [kind]
 */
function made(tag, text, kind = "") {
  const found = document.createElement(tag);
  found.textContent = text;
  found.className = kind;
  return found;
}

/** @param {HTMLElement[]} items */
function list(items) {
  const found = made("ul", "");
  found.append(...items);
  return found;
}

/** @param {HTMLElement[]} parts */
function row(...parts) {
  const found = made("div", "", "row");
  found.append(...parts);
  return found;
}

/**
 * @param {string} text
 * @param {() => Promise<void>} act
 * @param {string} [kind]
 */
function button(text, act, kind = "") {
  const found = made("button", text, `button ${kind}`.trim());
  found.setAttribute("type", "button");
  found.addEventListener("click", () => void act());
  return found;
}
