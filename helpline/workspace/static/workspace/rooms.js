// Desk or board: a supervisor has both, and the page shows one. Everybody else is at the desk.

import { byId, find } from "./dom.js";

/** @typedef {"desk" | "board"} Room */

const rooms = byId("rooms", HTMLFieldSetElement);
const areas = { desk: byId("desk", HTMLElement), board: byId("board", HTMLElement) };
/** @type {Room} */
let shown = "desk";
let isOpen = false;
/** @type {(room: Room) => void} */
let onChange = () => {};

/** @param {boolean} isNowOpen false while one stands at the door */
export function openRooms(isNowOpen) {
  isOpen = isNowOpen;
  showAreas();
}

/** @param {(room: Room) => void} listener there is a board, and this is told whenever one goes to it or back */
export function furnishBoard(listener) {
  onChange = listener;
  rooms.hidden = false;
  rooms.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) goTo(/** @type {Room} */ (target.value), { focus: false });
  });
}

/**
 * @param {Room} room
 * @param {{ focus?: boolean }} [how]
 */
export function goTo(room, { focus = true } = {}) {
  if (rooms.hidden) return;
  const hasChanged = room !== shown;
  shown = room;
  find(rooms, `[value="${room}"]`, HTMLInputElement).checked = true;
  showAreas();
  if (focus && room === "board") byId("board-needs", HTMLElement).focus();
  if (hasChanged) onChange(room);
}

export function goToOther() {
  goTo(shown === "desk" ? "board" : "desk");
}

export function isAtBoard() {
  return shown === "board";
}

function showAreas() {
  areas.desk.hidden = !isOpen || shown !== "desk";
  areas.board.hidden = !isOpen || shown !== "board";
  document.body.classList.toggle("at-board", isOpen && shown === "board");
}
