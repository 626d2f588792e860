// Talking with the site: JSON both ways. The live wire has its own module, live/stream.js.

/** @typedef {{ code: string, username: string, name: string, pseudonym: string, role: string, role_code: string, holds_words: boolean,
 *   public_key: string, is_supervisor: boolean, must_draw_words: boolean }} Me */
/** @typedef {{ line: string, purpose: "queue" | "supervisor", epoch: number, sealed: string,
 *   signed_by: string | null, signature: string }} SealedLineKey */
/** @typedef {import("../vault/roster.js").SignedLineKey} SignedLineKey */
/** @typedef {{ me: Me, salt: string, wrapped: string, passkeys: { id: string, wrapped: string }[],
 *   line_keys: SealedLineKey[] }} Keys */
/** @typedef {{ code: string, line: string, channel: string, language: string, urgency: number,
 *   since: number, state: string }} Waiting */
/** @typedef {Waiting & { waited: number, because: string[], dropped: string[], expires_at: number }} Offer */
/** @typedef {{ code: string, line: string, channel: string, language: string, state: "waiting" | "open" | "closed",
 *   urgency: number, has_script: boolean, started_at: number, answered_at: number | null,
 *   closed_at: number | null, closed_by: string, is_recorded?: boolean, is_answered?: boolean,
 *   holds_hand?: boolean, kind?: CompanionKind, needs_interpreter: boolean, came_by: string,
 *   carried: "" | "sms" | "email" }} Summary kind: how one is there, where it is not one's own; carried: by which channel
 *   a reply goes out, empty where they read on a page */
/** @typedef {{ heavy: number, abusive: number, is_break_offered: boolean, is_break_due: boolean }} Shift */
/** @typedef {{ now: number, presence: string, capacity: number, max_capacity: number, missed: number, shift: Shift,
 *   offer: Offer | null, waiting: Waiting[], own: Summary[],
 *   companions: (Summary & { kind: CompanionKind })[] }} DeskShape */
/** @typedef {import("../vault/contexts.js").Author} Author */
/** @typedef {{ seq: number, author: Author, client_id: string, key_id: string, sealed: string, at: number }} Sealed */
/** @typedef {{ key_id: string, author: Author, by: string | null, sealed: string }} SealedSenderKey by: who of staff */
/** @typedef {Summary & { public_key: string, grant: string | null, queue_grant: string | null,
 *   supervisor_grant: string | null, kind: "own" | CompanionKind, counsellor: Person | null, companions: Present[], guest: Guest | null,
 *   handover: AskedHandover | null, note: (SealedNote & { by: string }) | null, has_called_for_help: boolean,
 *   help: { answered_by: string | null } | null, disclosure: { state: string, answered_by: string | null } | null,
 *   referrals: Referral[], capacity_requests: CapacityRequest[], outcome: string | null, pathway: Pathway | null,
 *   messages: Sealed[], keys: SealedSenderKey[], help_seeker_seq: number, counsellor_seq: number }} SealedWords kind: how
 *   the reader is there; handover: the counsellor's own, under way; note: their own, or the one that came with it */
/** @typedef {"reading" | "joined" | "three_way"} CompanionKind */
/** @typedef {{ code: string, name: string, public_key?: string, referral?: string, item?: string, note?: string,
 *   after?: number }} Guest of a service; the rest for its counsellor: what is passed on to them, and after which message */
/** @typedef {{ code: string, name: string, pseudonym: string, public_key: string }} Person */
/** @typedef {Person & { kind: CompanionKind }} Present */
/** @typedef {{ client_id: string, key_id: string, key: string, sealed: string }} SealedNote as a message of the
 *   counsellor's, with its sender key sealed to the conversation */
/** @typedef {{ state: "asked" | "agreed" | "agreed_without_note", to_user: string | null, to_line: string | null,
 *   to_skill: string, to_supervisor: boolean, has_note: boolean }} AskedHandover */
/** @typedef {{ client_id: string, by: string, author: string, to: string, sealed: string, at: number }} SealedWhisper
 *   whispers.json: author and to are codes; opened with vault/letters.js and one's own key */
/** @typedef {{ code: string, state: "asked" | "approved" | "declined", asked_by: string, is_own: boolean,
 *   answered_by: string | null, is_person_told: boolean, sealed: string, asked_at: number,
 *   answered_at: number | null }} SealedDisclosure opened with one's own key where is_own, else with the supervisors' */
/** @typedef {{ supervisor_key: SignedLineKey, disclosures: SealedDisclosure[] }} Disclosures disclosures.json */
/** @typedef {{ state: string, ask_from: string, is_due: boolean, by_person: boolean }} Pathway on the way to ACC therapy */
/** @typedef {{ code: string, need: string, area: string, key_id: string, key: string }} Asked of a service: for what,
 *   and the key, sealed to the conversation, that opens its links and texts; names, not codes */
/** @typedef {{ code: string, what: "need" | "note" | "contact" | "join" | "reached", is_agreed: boolean, is_withdrawn: boolean,
 *   sealed: string }} ReferralItem */
/** @typedef {Asked & { kind: "signpost" | "warm", state: string, was_agreed: boolean, is_reached: boolean,
 *   service: string, organization: string, until: string, link: string, items: ReferralItem[] }} Referral */
/** @typedef {Asked & { state: "open" | "taken" | "withdrawn" | "lapsed", until: number, meeting_code: string,
 *   asks: { code: string, service: string, organization: string, state: "asked" | "yes" | "no" | "taken",
 *   link: string }[] }} CapacityRequest */
/** @typedef {Pick<SealedWords, "kind" | "counsellor" | "companions" | "guest" | "handover" | "note" | "help" | "disclosure" |
 *   "referrals" | "capacity_requests" | "outcome" | "pathway"> & { whispers?: SealedWhisper[] }} Beside company.json: all that changes while the words stay */
/** @typedef {{ slug: string, name: string, is_own: boolean, queue_key: SignedLineKey,
 *   supervisor_key: SignedLineKey }} LineKeys */
/** @typedef {{ lines: LineKeys[], skills: string[] }} Elsewhere */
/** @typedef {{ code: string, name: string, pseudonym: string, load: number, capacity: number,
 *   public_key: string }} Colleague */

/** The first of the four classes. */
export const DANGER = 1;
/** @type {DeskShape} what a desk knows before it has asked */
export const EMPTY_DESK = {
  now: 0,
  presence: "away",
  capacity: 3,
  max_capacity: 4,
  missed: 0,
  shift: { heavy: 0, abusive: 0, is_break_offered: false, is_break_due: false },
  offer: null,
  waiting: [],
  own: [],
  companions: [],
};

const ANSWER_MS = 15_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
const NEW_SESSION_MS = 500; // between the end of a session's key and the arrival of its next in this browser

/** The server said no, and in one word why. */
export class Refused extends Error {
  /**
   * @param {string} word
   * @param {Record<string, any>} details
   */
  constructor(word, details) {
    super(word);
    this.word = word;
    this.details = details;
  }
}

/** No answer, or none that means anything: worth trying again. */
export class Away extends Error {
  /** @param {string} [word] why, where the server could still say so */
  constructor(word = "") {
    super(word);
    this.word = word;
  }
}

/** @type {(() => void) | null} */
let onSignedOut = null;
let token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";

/** @param {() => void} listener called whenever the server no longer knows who this is */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

/** @param {string} fresh signing in changes it */
export function useToken(fresh) {
  token = fresh;
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function get(path) {
  return ask(path, {});
}

/**
 * Something large that often has not changed.
 *
 * @param {string} path
 * @param {string} version what is here already
 * @returns {Promise<{ answer: any, ageMs: number }>} answer null when that is still so; how old what the server looked at is
 */
export async function getIfNew(path, version) {
  const response = await reach(path, { headers: { "X-Have": version } });
  const answer = response.status === 204 ? null : await read(response);
  return { answer, ageMs: Number(response.headers.get("Board-Age") ?? 0) };
}

/**
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export async function post(path, body = {}) {
  const send = () => ask(path, { method: "POST", headers: { "X-CSRFToken": token }, body: JSON.stringify(body) });
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Refused) || error.word !== "token") throw error;
    await renewToken();
    return send();
  }
}

/**
 * The same until there is an answer; only for what may safely be asked twice.
 *
 * @template T
 * @param {() => Promise<T>} request
 * @param {() => void} [onAway] called before each new try
 * @returns {Promise<T>}
 */
export async function untilAnswered(request, onAway = () => {}) {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      onAway();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function ask(path, options) {
  return read(await reach(path, options));
}

/** @param {Response} response */
async function read(response) {
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  if (response.status === 401) onSignedOut?.();
  if (answer?.error && response.status < 500) throw new Refused(answer.error, answer);
  if (response.status === 403) throw new Refused("token", {}); // Django's own page: another tab has signed in since
  throw new Away(answer?.error);
}

/**
 * Where somebody is in, "signed out" counts the second time: their other tab may be signing in just now, which gives
 * this browser's session a new key.
 *
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  const response = await once(path, options);
  if (response.status !== 401 || !onSignedOut) return response;
  await new Promise((resolve) => setTimeout(resolve, NEW_SESSION_MS));
  return once(path, options);
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function once(path, options) {
  try {
    return await fetch(path, { ...options, cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
  } catch {
    throw new Away();
  }
}

/** Another tab has signed in, which changes the token for this one too. */
async function renewToken() {
  const response = await reach("/", {});
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  token = page.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}
