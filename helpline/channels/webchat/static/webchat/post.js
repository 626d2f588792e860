// Posts to the site, whose answers are JSON: an object, or {"error": word, "sentence": for the person}.

/** @typedef {{ state: "waiting" | "open" | "closed", place: number | null, minutes: [number, number] | null,
 *   is_longer: boolean, is_crowding: boolean, is_left: boolean, left_until: number | null, is_anyone_here: boolean,
 *   needs_key: boolean, keys: { queue: string, supervisor: string } | null, counsellor: string | null,
 *   closed_by: string | null, has_return_code: boolean, companions: Companion[], handover: Handover | null, referrals: string,
 *   block: { key: string, sentence: string } | null, grant: string | null, now: number }} Standing */
/** @typedef {{ pseudonym: string, kind: "reading" | "joined" | "three_way" | "service" }} Companion who else is here */
/** @typedef {{ by: string, kind: "colleague" | "line" | "skill" | "supervisor", to: string,
 *   state: "asked" | "agreed" | "agreed_without_note", note: Note | null }} Handover answered by post "handover" with
 *   answer "yes", "without_note" or "no" */
/** @typedef {{ client_id: string, key_id: string, key: string, sealed: string }} Note a message of the counsellor's,
 *   with its sender key */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
const GIVE_UP_MS = 15000; // a connection that died without a word; the server answers in far less

/** The site's answer is no. */
export class Refused extends Error {
  /**
   * @param {string} word malformed, unknown, closed, taken, too_large
   * @param {string} sentence
   * @param {any} [challenge] with `prove`
   */
  constructor(word, sentence, challenge) {
    super(word);
    this.word = word;
    this.sentence = sentence;
    this.challenge = challenge;
  }
}

/** The site cannot be reached, or cannot answer now; the same post may be sent again. */
export class Away extends Error {}

/**
 * @param {string} name such as "state"
 * @param {object} body
 * @returns {Promise<any>} Refused or Away otherwise
 */
export async function post(name, body) {
  const response = await send(name, JSON.stringify(body));
  if (response.ok) return response.json();
  if (response.status >= 500) throw new Away();
  const { error = "malformed", sentence = "", challenge } = await response.json().catch(() => ({}));
  throw new Refused(error, sentence, challenge);
}

/**
 * Post until there is an answer; every one of these posts may safely arrive twice.
 *
 * @param {string} name
 * @param {object} body
 * @param {(isTrying: boolean) => void} [tell] called with true while the site cannot be reached
 * @returns {Promise<any>}
 */
export async function postUntilAnswered(name, body, tell = () => {}) {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      const answer = await post(name, body);
      tell(false);
      return answer;
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      tell(true);
      await online(pause);
    }
  }
}

/**
 * Begin a chat; while very many begin at once, this device first proves that it took some trouble.
 *
 * @param {object} began
 * @param {(isTrying: boolean) => void} [tell]
 * @returns {Promise<Standing>}
 */
export async function postStart(began, tell) {
  try {
    return await postUntilAnswered("start", began, tell);
  } catch (error) {
    if (!(error instanceof Refused) || error.word !== "prove") throw error;
    const { prove } = await import("./proof.js"); // seldom needed
    return postUntilAnswered("start", { ...began, proof: await prove(error.challenge) }, tell);
  }
}

/**
 * For the moment of leaving: it is delivered after the page has gone.
 *
 * @param {string} name
 * @param {object} body
 */
export function postAndGo(name, body) {
  navigator.sendBeacon(address(name), new Blob([JSON.stringify(body)], { type: "application/json" }));
}

/**
 * @param {string} name
 * @param {string} body
 */
async function send(name, body) {
  const headers = { "Content-Type": "application/json" };
  try {
    return await fetch(address(name), { method: "POST", headers, body, signal: AbortSignal.timeout(GIVE_UP_MS) });
  } catch {
    throw new Away();
  }
}

/** @param {string} name */
function address(name) {
  return `${document.documentElement.lang === "mi" ? "/mi" : ""}/chat/${name}`; // the answer's sentences are its own
}

/**
 * @param {number} pause
 * @returns {Promise<void>} after the pause, or at once when the device finds the network again
 */
function online(pause) {
  return new Promise((resolve) => {
    addEventListener("online", () => resolve(), { once: true });
    setTimeout(resolve, pause);
  });
}
