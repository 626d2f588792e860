// Being handed over: who would go on, the note word for word, and three answers. Nothing happens without one.

import { element, onPress, say, word } from "./page.js";
import { postUntilAnswered, Refused } from "./post.js";

/** @typedef {import("./keys.js").Keys} Keys */
/** @typedef {import("./post.js").Handover} Handover */
/** @typedef {"yes" | "without_note" | "no"} Answer */

export class Asking {
  /**
   * @param {Keys} keys
   * @param {() => Promise<void>} onAnswered
   * @param {AbortSignal} until
   */
  constructor(keys, onAnswered, until) {
    this.keys = keys;
    this.onAnswered = onAnswered;
    this.by = "";
    /** @type {string | null} what is asked right now, so that the same question is not said twice */
    this.asked = null;
    for (const answer of /** @type {Answer[]} */ (["yes", "without_note", "no"])) {
      onPress(`handover-${answer}`, () => this.#answer(answer), until);
    }
  }

  /** @param {Handover | null} handover */
  async show(handover) {
    const isAsked = handover?.state === "asked";
    const question = isAsked ? JSON.stringify(handover) : null;
    if (question === this.asked) return;
    this.asked = question;
    if (!isAsked) return this.#hide();
    this.by = handover.by;
    const note = await this.#open(handover);
    if (this.asked !== question) return; // answered or withdrawn meanwhile
    const { kind, to, by } = handover;
    say("handover-title", word(`handover_${kind}`, { by, to }));
    say("handover-consent", kind === "line" ? word("handover_consent", { to }) : "");
    say("handover-why", word("handover_note", { by }));
    say("handover-text", note ?? word("cannot_open"));
    say("handover-yes", word(handover.note ? "handover_yes" : "handover_yes_plain"));
    say("handover-no", word("handover_no", { by }));
    element("handover-consent").hidden = kind !== "line";
    element("handover-note").hidden = element("handover-without_note").hidden = !handover.note;
    element("handover-yes").hidden = Boolean(handover.note) && note === null;
    element("handover").hidden = false;
    element("handover-said").classList.add("hidden-visually"); // the card itself is in sight
    say("handover-said", word("handover_asks", { by }));
    // The box stays in sight over the end of the page: only there are all three answers seen.
    scrollTo({ top: document.documentElement.scrollHeight, behavior: "auto" });
  }

  /** @param {Handover} handover */
  async #open({ by, note }) {
    if (!note) return null;
    const { client_id, key_id, key, sealed } = note;
    this.keys.learn({ key_id, author: "counsellor", by, sealed: key });
    return this.keys.open({ author: "counsellor", client_id, key_id, sealed }).catch(() => null);
  }

  /** @param {Answer} answer */
  async #answer(answer) {
    this.#hide();
    element("handover-said").classList.remove("hidden-visually");
    say("handover-said", word(answer === "no" ? "handover_declined" : "handover_agreed", { by: this.by }));
    element("text").focus();
    try {
      await postUntilAnswered("handover", { ...this.keys.proof, answer });
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // it ended meanwhile: the state says so
    }
    await this.onAnswered();
  }

  #hide() {
    element("handover").hidden = true;
    say("handover-text", "");
    if (element("handover-said").textContent === word("handover_asks", { by: this.by })) say("handover-said", "");
  }
}
