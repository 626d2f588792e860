// Leave in one press: the screen goes blank at once, whatever the network does, and an ordinary site takes its place.

const PRESSES = 3;
const WITHIN_MS = 5000;

/** @type {number[]} */
let presses = [];

/**
 * In a frame of another site's page it is that page which is left: it is what others see on this screen.
 *
 * @param {HTMLAnchorElement} link where to
 */
function leave(link) {
  // A chat ends itself for this device first (webchat/chat.js); nothing it does may hold the exit up.
  try {
    dispatchEvent(new Event("quick-exit"));
    if (self === top) sessionStorage.clear(); // a frame keeps nothing, and may be forbidden to look
  } finally {
    blank(link.dataset["leaving"] ?? "");
    (top ?? self).location.replace(link.href);
  }
}

/** @param {string} sentence for screen readers: a blank page says nothing by itself */
function blank(sentence) {
  const announcement = document.createElement("p");
  announcement.className = "hidden-visually";
  announcement.setAttribute("role", "alert");
  document.body.replaceChildren(announcement);
  announcement.textContent = sentence;
}

/**
 * Shift three times within five seconds, alone: capitals typed in between start the count again.
 * Not Esc, which also closes menus, full screen and what is half typed.
 *
 * @param {HTMLAnchorElement} exit
 */
function listenToShift(exit) {
  let isAlone = false;
  addEventListener("keydown", (event) => {
    isAlone = event.key === "Shift";
    if (!isAlone) presses = [];
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !isAlone || event.ctrlKey || event.altKey || event.metaKey) return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
    if (presses.length >= PRESSES) leave(exit);
  });
}

for (const link of document.querySelectorAll("a[data-exit]")) {
  if (!(link instanceof HTMLAnchorElement)) continue;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave(link);
  });
  if (link.id !== "exit") continue;
  listenToShift(link);
  // Back from an exit must not show what was here.
  addEventListener("pageshow", (event) => {
    if (event.persisted && !document.contains(link)) location.reload();
  });
}
