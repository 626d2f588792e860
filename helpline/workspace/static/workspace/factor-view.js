// What is shown of a second factor while it is set up: the square for an app, and recovery codes.

import { byId, tell } from "./dom.js";

const QUIET_MODULES = 4; // of nothing around a square, as the standard asks

/** @param {{ secret: string, square: { size: number, path: string } }} app */
export function showSquare({ secret, square }) {
  const svg = /** @type {SVGElement} */ (/** @type {unknown} */ (document.getElementById("enrol-square")));
  const side = square.size + 2 * QUIET_MODULES;
  svg.setAttribute("viewBox", `${-QUIET_MODULES} ${-QUIET_MODULES} ${side} ${side}`);
  svg.querySelector("path")?.setAttribute("d", square.path);
  tell(byId("enrol-secret", HTMLElement), secret.replaceAll(/(.{4})(?=.)/g, "$1 "));
}

/** @param {string[]} codes none takes them from the page */
export function showCodes(codes) {
  const items = codes.map((code) => {
    const item = document.createElement("li");
    item.textContent = code;
    return item;
  });
  byId("codes", HTMLElement).replaceChildren(...items);
}
