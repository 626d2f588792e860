// The chat page: one address and one entry in the history, whatever happens in it.

import { newCode } from "../vault/codes.js";
import { newKey } from "../vault/sealing.js";
import { begin, capabilityOf, resume } from "./keys.js";
import { element, onPress, page, say, show, typed, word } from "./page.js";
import { postAndGo, postStart, postUntilAnswered, Refused } from "./post.js";
import { blockKey, forget, holdsChat, keepBlock, recall, remember } from "./tab.js";
import { Talk } from "./talk.js";

/** @typedef {import("./tab.js").Kept} Kept */

/** @type {Talk | null} */
let talk = null;

/** @type {{ code: string, capability: string } | null} for leaving in the very moment of starting, too */
let proof = null;

/**
 * @param {import("./keys.js").Keys} keys
 * @param {import("./post.js").Standing} standing
 */
async function enter(keys, standing) {
  talk = new Talk(keys, standing);
  await talk.open();
}

/** @param {Kept} kept what this tab had before it was loaded again */
async function goOn({ code, secret, isStarted }) {
  try {
    proof = { code, capability: await capabilityOf(secret) };
    const standing = await postUntilAnswered("state", proof, tellTrying);
    if (standing.state === "closed" || !standing.grant) throw new Refused(standing.closed_by ?? "closed", "");
    await enter(await resume(secret, code, standing.grant), standing);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    forget();
    if (error.word === "system") say("gone-why", word("ended_left"));
    show(isStarted ? "gone" : "start");
  }
}

async function start() {
  const button = typed("start-button", HTMLButtonElement);
  button.disabled = true;
  say("starting", word("starting"));
  try {
    const [code, secret] = [newCode(), newKey()];
    const { keys, told } = await begin(page, secret, code);
    proof = keys.proof;
    remember({ code, secret, isStarted: false });
    const answers = new FormData(typed("start-form", HTMLFormElement));
    const answer = answers.get("in_danger");
    const in_danger = answer === "yes" ? true : answer === "no" ? false : null;
    const region = answers.get("region") ?? ""; // asked on a line that is open in some regions first
    const wishes = { gender: answers.get("gender") ?? "", language: answers.get("language") ?? page.language };
    const is_message = !page.can_answer;
    const began = { ...told, in_danger, region, ...wishes, is_message, block: blockKey() };
    const standing = await postStart(began, tellTrying);
    keepBlock("");
    remember({ code, secret, isStarted: true });
    await enter(keys, standing);
    if (is_message && !standing.is_anyone_here) talk?.offerCode();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    forget();
    if (error.word === "blocked") showBlocked(error.sentence);
    else say("starting", error.sentence);
  } finally {
    button.disabled = false;
  }
}

/** @param {string} sentence until when, and where there is help meanwhile */
function showBlocked(sentence) {
  say("gone-title", word("blocked"));
  say("gone-why", sentence);
  element("gone-start").hidden = true;
  show("gone");
}

async function openReturned() {
  const box = typed("return-words", HTMLInputElement);
  const button = typed("return-button", HTMLButtonElement);
  if (box.value.trim().split(/\s+/).length !== 6) return say("return-error", word("six_words"));
  button.disabled = true;
  say("return-error", word("opening"));
  try {
    const { comeBack } = await import("./returning.js"); // few need it, and it is heavy
    const found = await comeBack(box.value);
    say("return-error", found ? "" : word("wrong_code"));
    if (!found) return;
    box.value = "";
    remember({ code: found.keys.code, secret: found.secret, isStarted: true });
    proof = found.keys.proof;
    await enter(found.keys, found.standing);
  } catch {
    say("return-error", word("failed"));
  } finally {
    button.disabled = false;
  }
}

/** @param {boolean} isTrying */
function tellTrying(isTrying) {
  const isStarting = !element("start").hidden;
  say(isStarting ? "starting" : "trouble", isTrying ? word("trying") : isStarting ? word("starting") : "");
  if (!isStarting) element("trouble").hidden = !isTrying;
}

function stopped() {
  say("trouble", word("broken"));
  element("trouble").hidden = false;
}

addEventListener("error", stopped);
addEventListener("unhandledrejection", stopped);
addEventListener("quick-exit", () => {
  if (proof && !talk?.isOver) postAndGo("leave", { ...proof, is_exit: true });
});

element("start-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void start();
});
element("return-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void openReturned();
});
for (const opener of ["to-return", "gone-return"]) onPress(opener, () => show("return"));
onPress("return-back", () => show("start"));
onPress("gone-start", () => location.reload()); // whether anybody is here may have changed

// The other language comes in place; without this the switch would be a link, and leave the chat.
element("switch").addEventListener("click", async (event) => {
  event.preventDefault();
  try {
    const { turnTo } = await import("./turn.js"); // few switch
    await turnTo(typed("switch", HTMLAnchorElement).href);
  } catch {
    say("trouble", word("not_turned"));
    element("trouble").hidden = false;
  }
});

// Brought back from the browser's memory after it was left: what it shows may not be for these eyes.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  forget();
  location.reload();
});

const kept = recall();
if (kept) void goOn(kept);
else {
  show(holdsChat() ? "gone" : "start");
  forget();
}
