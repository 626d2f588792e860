// After the end: the survey that nobody can trace, what stays on this device, and erasing.

import { ask } from "./confirm.js";
import { element, onPress, page, say, show, typed, word } from "./page.js";
import { postUntilAnswered, Refused } from "./post.js";
import { nameOf } from "./standing.js";
import { forget, isFramed, keepBlock } from "./tab.js";

/** @typedef {import("./keys.js").Keys} Keys */
/** @typedef {import("./post.js").Standing} Standing */
/** @typedef {{ keys: Keys, standing: Standing, wasAnswered: boolean, unsent: string[],
 *   referrals: import("./referral.js").Referrals | null }} Ending */

/** @type {Keys | null} */
let ended = null;

/** @param {Ending} ending */
export function showEnded({ keys, standing, wasAnswered, unsent, referrals }) {
  ended = keys;
  forget();
  say("ended-by", by(standing, wasAnswered));
  if (standing.has_return_code) say("ended-stays", word("stays_code"));
  element("unsent").hidden = unsent.length === 0;
  typed("unsent-text", HTMLTextAreaElement).value = unsent.join("\n\n");
  const { block } = standing;
  if (block) {
    keepBlock(block.key);
    say("ended-by", block.sentence);
  }
  element("ended-later").hidden = Boolean(block);
  element("survey").hidden = !wasAnswered || Boolean(block);
  element("ended-again").hidden = standing.closed_by !== "system";
  // A new chat begins by loading the page again, which in a frame forgets everything.
  element("ended-with").hidden = !standing.counsellor || Boolean(block) || isFramed;
  if (standing.counsellor) say("ended-first", word("again_first", { name: standing.counsellor }));
  const log = element("log");
  element("ended-said").hidden = log.childElementCount === 0;
  typed("ended-said", HTMLDetailsElement).open = standing.closed_by === "counsellor";
  element("ended-log").replaceChildren(log);
  if (standing.referrals) void showReferrals(keys, standing.referrals, referrals);
  show("ended");
  log.scrollTop = log.scrollHeight;
}

/**
 * What services were told goes on, and may still be taken back.
 *
 * @param {Keys} keys
 * @param {string} news
 * @param {import("./referral.js").Referrals | null} known as the open chat showed them
 */
async function showReferrals(keys, news, known) {
  element("ended-said").after(element("referrals"), element("referral-said"));
  const { Referrals } = await import("./referral.js");
  await (known ?? new Referrals(keys)).show(news);
}

/**
 * @param {Standing} standing
 * @param {boolean} wasAnswered
 */
function by(standing, wasAnswered) {
  if (standing.closed_by === "system") return word("ended_left");
  if (standing.closed_by === "counsellor") return word("ended_by_name", { name: nameOf(standing) });
  return word(wasAnswered ? "ended_by_you" : "ended_waiting");
}

/**
 * Ask, and then destroy every word.
 *
 * @param {Keys} keys
 * @param {() => void} before lets go of the chat
 */
export function askToErase(keys, before) {
  const question = { title: word("erase_title"), text: word("erase_text"), yes: word("erase_yes") };
  ask({ ...question, busy: word("erasing"), isGrave: true }, async () => {
    before();
    const { erased_at, receipt, held_until } = await erase(keys);
    forget();
    const when = new Date(erased_at * 1000);
    const date = when.toLocaleDateString(page.locale, { dateStyle: "long" });
    const time = when.toLocaleTimeString(page.locale, { timeStyle: "short" });
    element("log").replaceChildren();
    typed("unsent-text", HTMLTextAreaElement).value = "";
    say("receipt", word("erased", { date, time }));
    say("receipt-text", receipt);
    element("receipt-kept").hidden = !receipt;
    if (held_until) {
      const day = new Date(`${held_until}T12:00`).toLocaleDateString(page.locale, { dateStyle: "long" });
      say("erased-title", word("held_title"));
      say("receipt", word("held", { date: day }));
    }
    show("erased");
  });
}

/**
 * @param {Keys} keys
 * @returns {Promise<{ erased_at: number, receipt: string, held_until: string | null }>}
 */
async function erase(keys) {
  try {
    return await postUntilAnswered("erase", keys.proof, (isTrying) => {
      say("confirm-state", word(isTrying ? "trying" : "erasing"));
    });
  } catch (error) {
    // Erased already: the answer to an earlier post was lost on its way.
    if (error instanceof Refused && error.word === "unknown") {
      return { erased_at: Date.now() / 1000, receipt: "", held_until: null };
    }
    throw error;
  }
}

/** @param {string} name */
function chosen(name) {
  return new FormData(typed("survey", HTMLFormElement)).get(name);
}

onPress("ended-erase", () => {
  if (ended) askToErase(ended, () => {});
});

onPress("ended-again", () => location.reload()); // nothing is kept by now, so the page begins

onPress("ended-anew", async () => {
  if (!ended) return;
  try {
    const { beginAgain } = await import("./again.js"); // few need it at once
    await beginAgain(ended.proof);
    location.reload(); // and the page goes on with what it finds in this tab
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say("ended-first", error.sentence);
  }
});

onPress("survey-skip", () => {
  element("survey").hidden = true;
  element("ended-title").focus();
});

element("survey").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!ended) return;
  const [helped, next] = [chosen("helped"), chosen("next")];
  const answers = { helped: helped && Number(helped), knows_next_step: next && next === "yes" };
  element("survey").hidden = true;
  await postUntilAnswered("survey", { ...ended.proof, ...answers }).catch(() => {}); // a survey troubles nobody
  say("survey-state", word("survey_thanks"));
});
