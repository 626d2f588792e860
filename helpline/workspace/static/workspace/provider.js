// The organisation's own sign-in (OpenID Connect): going there, and coming back. It opens no key.

import { post } from "./api.js";

/** @typedef {import("./second-step.js").FirstAnswer} FirstAnswer */
/** @typedef {{ state: string, code: string, iss: string }} Given what it sent the browser back with */
/** @typedef {{ is_linked: true } | (FirstAnswer & { is_linked?: undefined, name: string, token: string })} Taken */

export const MARK = "from-provider:";
/** The server's words about it. */
export const WORDS = ["provider_unknown", "provider_refused", "provider_stopped", "provider_late", "provider_taken", "provider_away"];

/** @param {string} path which says what for */
export async function goToProvider(path) {
  const { address } = await post(path);
  location.assign(address);
}

/**
 * What this page was handed on its way back. It is taken out of the address at once: it counts once.
 *
 * @returns {Given | null}
 */
export function givenByProvider() {
  const mark = `#${MARK}`;
  if (!location.hash.startsWith(mark)) return null;
  const given = new URLSearchParams(location.hash.slice(mark.length));
  history.replaceState(null, "", "/");
  return { state: given.get("state") ?? "", code: given.get("code") ?? "", iss: given.get("iss") ?? "" };
}

/**
 * @param {Given} given
 * @returns {Promise<Taken>}
 */
export async function showWhatWasGiven(given) {
  return post("/sign-in/provider/take", given);
}
