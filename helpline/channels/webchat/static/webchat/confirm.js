// "Are you sure?", inside the page: a dialog would lie over the way out.

import { element, onPress, say } from "./page.js";

/** @typedef {{ title: string, text: string, yes: string, busy?: string, isGrave?: boolean }} Question */

/** @type {{ act: () => Promise<void>, busy: string, opener: Element | null } | null} */
let asked = null;

/**
 * @param {Question} question
 * @param {() => Promise<void>} act
 */
export function ask({ title, text, yes, busy = "", isGrave = false }, act) {
  asked = { act, busy, opener: document.activeElement };
  say("confirm-title", title);
  say("confirm-text", text);
  say("confirm-state", "");
  say("confirm-yes", yes);
  element("confirm-yes").classList.toggle("danger", isGrave);
  element("confirm").hidden = false;
  element("confirm").scrollIntoView({ block: "center" });
  element("confirm-title").focus({ preventScroll: true });
}

export function stopAsking() {
  element("confirm").hidden = true;
  const opener = asked?.opener;
  asked = null;
  if (opener instanceof HTMLElement) opener.focus();
}

onPress("confirm-no", stopAsking);

onPress("confirm-yes", async () => {
  const question = asked;
  if (!question) return;
  asked = null; // a second press does nothing
  say("confirm-state", question.busy);
  await question.act();
  if (!asked) element("confirm").hidden = true;
});

element("confirm").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && asked) stopAsking();
});
