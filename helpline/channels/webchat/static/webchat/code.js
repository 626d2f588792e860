// A return code, offered and shown once.

import { ask } from "./confirm.js";
import { element, say, word } from "./page.js";

/** @typedef {import("./keys.js").Keys} Keys */

/**
 * @param {Keys} keys
 * @param {() => Promise<void>} onKept
 */
export function askToKeep(keys, onKept) {
  const question = { title: word("keep_title"), text: word("keep_text"), yes: word("keep_yes") };
  ask({ ...question, busy: word("keeping") }, async () => {
    try {
      const { keepCode } = await import("./returning.js"); // few need it, and it is heavy
      showCode(await keepCode(keys));
    } catch {
      say("trouble", word("failed"));
      element("trouble").hidden = false;
    }
    await onKept();
  });
}

/** @param {string} words */
function showCode(words) {
  const items = words.split(" ").map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  });
  element("code-words").replaceChildren(...items);
  element("return-code").hidden = false;
  element("code-title").focus();
}

export function hideCode() {
  element("code-words").replaceChildren();
  element("return-code").hidden = true;
}
