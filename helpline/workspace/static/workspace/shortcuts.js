// The desk by keyboard. Only keys that type nothing, so that they work while one writes; the help dialog lists them.

import { isAsking } from "./dialogs.js";

/**
 * @typedef {object} Commands
 * @property {() => void} takeNext
 * @property {() => void} decline
 * @property {() => void} callForHelp
 * @property {() => void} whisper
 * @property {() => void} heavy
 * @property {() => void} abusive
 * @property {() => void} triage
 * @property {(step: number) => void} move
 * @property {() => void} nextNew
 * @property {() => void} close
 * @property {() => void} transfer
 * @property {() => void} find
 * @property {() => void} answers
 * @property {(step: number) => void} region
 * @property {() => void} board
 * @property {() => void} help
 */

/**
 * @param {Commands} commands
 * @param {() => boolean} isAtDesk
 */
export function listenForKeys(commands, isAtDesk) {
  /** @type {Record<string, () => void>} */
  const keys = {
    F2: commands.takeNext,
    "Shift+F2": commands.decline,
    F1: commands.callForHelp,
    "Shift+F8": commands.whisper,
    F3: commands.heavy,
    F7: commands.abusive,
    "Alt+F8": commands.triage,
    F8: commands.nextNew,
    F9: commands.close,
    "Alt+F9": commands.transfer,
    "Shift+F9": commands.find,
    "Shift+F7": commands.answers,
    F6: () => commands.region(1),
    "Shift+F6": () => commands.region(-1),
    "Alt+ArrowDown": () => commands.move(1),
    "Alt+ArrowUp": () => commands.move(-1),
    F4: commands.board,
    "Ctrl+/": commands.help,
  };
  addEventListener("keydown", (event) => {
    const command = keys[nameOf(event)];
    if (!command || !isAtDesk() || isAsking()) return;
    event.preventDefault();
    if (!event.repeat) command();
  });
}

/** @param {KeyboardEvent} event */
function nameOf({ ctrlKey, metaKey, altKey, shiftKey, key }) {
  const held = [ctrlKey || metaKey ? "Ctrl" : "", altKey ? "Alt" : "", shiftKey && key !== "/" ? "Shift" : ""];
  return [...held, key].filter(Boolean).join("+");
}
