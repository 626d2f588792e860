// Nobody has touched any page of the workspace for ten minutes: the keys leave the memory of all of them.

const MINUTE_MS = 60_000;
const CHECK_MS = 5000;
const TELL_MS = 5000; // how often other pages hear that somebody is here
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

const limitMs = Number(document.body.dataset["lockMinutes"]) * MINUTE_MS;
const pages = new BroadcastChannel("lock");
let touchedAt = Date.now();
let toldAt = 0;
/** @type {() => void} */
let lock = () => {};

/** @param {() => void} locking forgets the keys of this page; called again and again while nobody is there */
export function whenIdle(locking) {
  lock = locking;
}

/** Somebody leaves their desk, and so all their pages. */
export function lockEverywhere() {
  pages.postMessage("lock");
  lock();
}

function touched() {
  const now = Date.now();
  if (now - touchedAt >= limitMs) return check(); // a computer that slept: it is too late to be here
  touchedAt = now;
  if (now - toldAt < TELL_MS) return;
  toldAt = now;
  pages.postMessage("here");
}

function check() {
  if (Date.now() - touchedAt < limitMs) return;
  lock();
  touchedAt = Date.now(); // at the door from here on; and asked anew when that has been passed
}

pages.addEventListener("message", ({ data }) => {
  if (data === "lock") lock();
  else touchedAt = Date.now();
});
for (const sign of SIGNS) addEventListener(sign, touched, { capture: true, passive: true });
document.addEventListener("visibilitychange", check);
setInterval(check, CHECK_MS);
