// Large figures on a wall. They follow what happens, keep time in between, and say when they are old.

import { follow } from "../live/stream.js";
import { Away, get, Refused, whenSignedOut } from "./api.js";
import { byId, find, tell } from "./dom.js";
import { clock, oneOf, say, sayCount, stopwatch } from "./words.js";

/** @typedef {{ waiting: number, since: number | null, overdue: number, answered: number, left: number,
 *   rate: number | null }} WallFigures */
/** @typedef {{ name: string, state: string, load: number, capacity: number }} WallMember */
/** @typedef {{ now: number, all: WallFigures, channels: (WallFigures & { channel: string })[],
 *   staff: WallMember[] }} WallShape */

const LEAST_MS = 1000; // between two questions, however much happens
const HEAL_MS = 30_000; // what changes with time alone, and news that got lost
const RETRY_MS = 2000;

const wall = byId("wall", HTMLElement);
/** @type {WallShape | null} */
let shape = null;
let clockOffset = 0;
let askedAt = -LEAST_MS;
let isAsking = false;
let hasNews = false;
let isOver = false;
let timer = 0;

/** @param {number} milliseconds */
function askIn(milliseconds) {
  clearTimeout(timer);
  if (!isOver) timer = setTimeout(() => void ask(), milliseconds);
}

function news() {
  hasNews = true;
  if (!isAsking) askIn(Math.max(0, askedAt + LEAST_MS - performance.now()));
}

async function ask() {
  isAsking = true;
  hasNews = false;
  askedAt = performance.now();
  let next = HEAL_MS;
  try {
    shape = /** @type {WallShape} */ (await get("/wall.json"));
    clockOffset = shape.now - Date.now() / 1000;
    show();
  } catch (error) {
    if (error instanceof Away) {
      old(say("wall_away", { time: clock(shape?.now ?? Date.now() / 1000) }));
      next = RETRY_MS;
    } else if (!(error instanceof Refused)) throw error;
  } finally {
    isAsking = false;
    askIn(hasNews ? LEAST_MS : next);
  }
}

/** @param {string} sentence */
function old(sentence) {
  wall.classList.add("is-old");
  tell(byId("wall-state", HTMLElement), sentence);
}

function show() {
  if (!shape) return;
  wall.classList.remove("is-old");
  tell(byId("wall-state", HTMLElement), say("wall_now", { time: clock(shape.now) }));
  fill(byId("wall-all", HTMLElement), shape.all);
  const { overdue } = shape.all;
  put(byId("wall-all", HTMLElement), "overdue", overdue ? sayCount("wall_overdue", overdue) : "");
  find(wall, ".wall-waiting", HTMLElement).classList.toggle("is-overdue", overdue > 0);
  tell(byId("wall-there", HTMLElement), String(shape.staff.length));
  list("wall-channels", "wall-channel-template", shape.channels, (element, each) => {
    tell(find(element, "h3", HTMLElement), oneOf("board_channels", each.channel));
    fill(element, each);
  });
  list("wall-staff", "wall-member-template", shape.staff, (element, { name, state, load, capacity }) => {
    tell(find(element, "strong", HTMLElement), name);
    tell(find(element, ".wall-as", HTMLElement), oneOf("board_states", state));
    tell(find(element, ".wall-load", HTMLElement), say("board_load", { load, capacity }));
  });
}

/**
 * @param {ParentNode} root
 * @param {WallFigures} figures
 */
function fill(root, { waiting, since, answered, left, rate }) {
  put(root, "waiting", String(waiting));
  put(root, "longest", since === null ? say("wall_nobody") : stopwatch(Date.now() / 1000 + clockOffset - since));
  put(root, "answered", String(answered));
  put(root, "left", String(left));
  put(root, "rate", rate === null ? say("wall_nobody") : say("wall_rate", { rate }));
}

/**
 * @param {ParentNode} root
 * @param {string} figure
 * @param {string} text
 */
function put(root, figure, text) {
  tell(find(root, `[data-figure="${figure}"]`, HTMLElement), text);
}

/**
 * As many as there are, and those that stay keep their place in the page.
 *
 * @template T
 * @param {string} id
 * @param {string} template
 * @param {T[]} all
 * @param {(element: HTMLElement, each: T) => void} furnish
 */
function list(id, template, all, furnish) {
  const root = byId(id, HTMLElement);
  const made = /** @type {HTMLTemplateElement} */ (document.getElementById(template)).content;
  while (root.children.length < all.length) root.append(made.cloneNode(true));
  while (root.children.length > all.length) root.lastElementChild?.remove();
  for (const [place, each] of all.entries()) furnish(/** @type {HTMLElement} */ (root.children[place]), each);
}

setInterval(() => {
  if (shape && !wall.classList.contains("is-old")) show();
}, 1000);
const stream = follow({
  url: "/live/wall",
  headers: () => ({ "X-Helpline": "desk" }),
  onEvent: () => news(),
  onState: (state) => {
    if (state === "open") news();
  },
});
whenSignedOut(() => {
  isOver = true;
  stream.close();
  old(say("wall_signed_out"));
});
news();
