// One page: the door, then the desk. The unlocked key lives here in memory and nowhere else.

import { whenSignedOut } from "./api.js";
import { allowSound } from "./attention.js";
import { Board } from "./board.js";
import { Desk } from "./desk.js";
import { askToLeave, closeQuestions, showHelp } from "./dialogs.js";
import { passDoor, signOut } from "./door.js";
import { byId, tell } from "./dom.js";
import { lockEverywhere, whenIdle } from "./idle.js";
import { furnishMenu } from "./menu.js";
import { tellKeysNews } from "./keys-news.js";
import { listenForServices } from "./picking.js";
import { keepPreferences, preferences } from "./preferences.js";
import { furnishBoard, goTo, goToOther, isAtBoard, openRooms } from "./rooms.js";
import { listenForKeys } from "./shortcuts.js";
import { watchTraining } from "./training.js";
import { say } from "./words.js";

const controls = byId("controls", HTMLElement);
const sound = byId("sound", HTMLButtonElement);
const enterSends = byId("enter-sends", HTMLInputElement);
let isAtDoor = true;

/** @param {boolean} isOpen */
function showDesk(isOpen) {
  isAtDoor = !isOpen;
  controls.hidden = !isOpen;
  openRooms(isOpen);
  document.body.classList.toggle("at-desk", isOpen);
}

function showSound() {
  sound.setAttribute("aria-pressed", String(preferences.sound));
  tell(sound, say(preferences.sound ? "sound_on" : "sound_off"));
}

/** @param {Desk} desk */
function moveBetweenRegions(desk) {
  /** @type {(() => HTMLElement | null | undefined)[]} */
  const regions = [
    () => controls.querySelector("input:checked"),
    () => document.querySelector('#yours button[tabindex="0"]'),
    () => byId("offer-accept", HTMLButtonElement),
    () => byId("queue", HTMLElement),
    () => desk.panes.activePane?.composer.box,
  ];
  const roots = ["yours", "offer", "queue", "panes"].map((id) => byId(id, HTMLElement));
  roots.unshift(controls);
  return (/** @type {number} */ step) => {
    const here = roots.findIndex((root) => root.contains(document.activeElement));
    for (let count = 1; count <= regions.length; count += 1) {
      const place = (Math.max(here, 0) + step * count + regions.length * 4) % regions.length;
      const target = regions[place]?.();
      if (!target?.checkVisibility()) continue;
      target.focus();
      return;
    }
  };
}

/** @param {Desk} desk */
function commandsOf(desk) {
  const active = () => desk.held.get(desk.panes.active);
  /** @param {"close" | "transfer" | "help"} wish */
  const wish = (wish) => {
    const conversation = active();
    if (conversation) void desk.do(wish, conversation);
  };
  const region = moveBetweenRegions(desk);
  const commands = {
    takeNext: () => desk.takeNext(),
    decline: () => desk.offers.askWhy(),
    callForHelp: () => wish("help"),
    whisper: () => desk.panes.activePane?.company.focusWhisper(),
    heavy: () => desk.panes.activePane?.record?.toggleWeight("heavy"),
    abusive: () => desk.panes.activePane?.record?.toggleWeight("abusive"),
    triage: () => desk.panes.activePane?.triage.focus(),
    move: (/** @type {number} */ step) => desk.attend(desk.panes.beside(step)),
    nextNew: () => desk.attendNew(),
    close: () => wish("close"),
    transfer: () => wish("transfer"),
    find: () => desk.panes.activePane?.findHelp(),
    answers: () => void desk.panes.activePane?.composer.pickAnswer(),
    region,
    board: goToOther,
    help: () => void showHelp(),
  };
  return commands;
}

/** @param {Desk} desk */
function wire(desk) {
  tell(byId("who", HTMLElement), desk.keyring.me.name);
  furnishMenu(desk.keyring.me.role_code);
  showSound();
  enterSends.checked = preferences.enterSends;
  sound.addEventListener("click", () => {
    preferences.sound = !preferences.sound;
    keepPreferences();
    showSound();
  });
  enterSends.addEventListener("change", () => {
    preferences.enterSends = enterSends.checked;
    keepPreferences();
    for (const pane of desk.panes.all.values()) pane.composer.showHint();
  });
  byId("help-open", HTMLButtonElement).addEventListener("click", () => void showHelp());
  byId("lock", HTMLButtonElement).addEventListener("click", lockEverywhere);
  byId("sign-out", HTMLButtonElement).addEventListener("click", async () => {
    if (!desk.open.length || (await askToLeave())) await signOut();
  });
  listenForKeys(commandsOf(desk), () => !isAtDoor);
  listenForServices(desk.panes);
}

/**
 * The board hears what the desk hears of the queue; the desk is read again on coming back to it.
 *
 * @param {Desk} desk
 */
function furnish(desk) {
  const board = new Board(desk, () => goTo("desk", { focus: false }));
  const lookSoon = desk.onQueue;
  desk.onQueue = () => {
    board.feed.news();
    if (!isAtBoard()) lookSoon();
  };
  furnishBoard((room) => {
    if (room === "board") board.show();
    else void desk.refresh();
  });
}

async function begin() {
  const keyring = await passDoor();
  void allowSound();
  const desk = new Desk(keyring);
  showDesk(true);
  wire(desk);
  if (keyring.me.is_supervisor) furnish(desk);
  whenSignedOut(() => void leave(say("signed_out")));
  whenIdle(() => void leave());
  tellKeysNews(keyring.vouching);
  watchTraining();
  await desk.start();

  /**
   * Locked, or signed out elsewhere: keys and words leave this page's memory until the same person is back. Conversations
   * go on, and what was half written stays.
   *
   * @param {string} [note] why one has to sign in again
   */
  async function leave(note) {
    if (isAtDoor) return;
    const focused = document.activeElement;
    closeQuestions();
    keyring.lock();
    for (const each of desk.held.values()) each.lock();
    showDesk(false);
    const again = await passDoor(note);
    if (again.me.code !== keyring.me.code) return location.reload();
    await keyring.reopen(again);
    showDesk(true);
    if (focused instanceof HTMLElement) focused.focus();
    desk.goOn();
    await Promise.all([desk.refresh(), keyring.vouching.read(), ...[...desk.held.values()].map((each) => each.load())]);
  }
}

void begin();
