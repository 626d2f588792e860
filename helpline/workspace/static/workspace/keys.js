// The page of keys: what to compare, what waits for signatures, the lines' keys. The unlocked key is in its memory only.

import { b64urlDecode, b64urlEncode } from "../vault/codes.js";
import { fingerprint } from "../vault/fingerprint.js";
import { publicOf, signingSeed } from "../vault/signing.js";
import { keyHash } from "../vault/statements.js";
import { get, Refused, untilAnswered } from "./api.js";
import { passDoor } from "./door.js";
import { byId, find, tell } from "./dom.js";
import { whenIdle } from "./idle.js";
import { entry } from "./keys-entry.js";
import { furnishFounding } from "./keys-founding.js";
import { makeLineKeys } from "./keys-rotation.js";
import { reseal } from "./keys-resealing.js";
import { furnishSigning } from "./keys-signing.js";
import { NOT_VOUCHED, wordsOf } from "./vouching.js";
import { day, oneOf, say } from "./words.js";

/** @typedef {import("./keyring.js").Keyring} Keyring */
/** @typedef {import("./vouching.js").StatementShape} StatementShape */
/** @typedef {{ slug: string, name: string, due: string[], made_at: number | null }} LineShape */
/** @typedef {{ code: string, line: string, started_at: number,
 *   counsellor: { code: string, name: string, public_key: string } }} Unsealed */
/** @typedef {{ partners: { code: string, name: string }[], begun_by: string | null, with: string[] }} Founding */
/** @typedef {StatementShape & { name: string, signed_by: string | null, is_signed_by_me: boolean }} Waiting */
/** @typedef {{ founding: Founding | null, waiting: Waiting[], lines: LineShape[], unsealed: Unsealed[] }} Work */

const SENTENCES = new Map([
  ...NOT_VOUCHED,
  ["changed", "keys_changed"],
  ["not_a_signer", "keys_not_a_signer"],
  ["same_person", "keys_same_person"],
]);

/** @param {Keyring} keyring */
async function furnish(keyring) {
  byId("keys", HTMLElement).hidden = false;
  byId("accept-root", HTMLButtonElement).addEventListener("click", () => {
    void doing(keyring, () => keyring.vouching.acceptRoot());
  });
  const act = (/** @type {() => Promise<string | void>} */ step) => doing(keyring, step);
  const founding = furnishFounding(keyring, act);
  const signing = furnishSigning(keyring, act);
  /** @param {Work} work */
  const showWork = async (work) => {
    await founding(work.founding);
    await signing(work.waiting);
    showLines(keyring, work.lines, act);
    showUnsealed(keyring, work.unsealed, act);
  };
  showAll = async () => {
    await keyring.vouching.read();
    await showRoster(keyring);
    if (keyring.me.is_supervisor) await showWork(await untilAnswered(() => get("/keys/waiting.json")));
  };
  await showAll();
}

let showAll = async () => {};

/**
 * Do something, say what came of it, and look again.
 *
 * @param {Keyring} keyring
 * @param {() => Promise<string | void>} step answers with a sentence
 */
async function doing({ vouching }, step) {
  const said = byId("keys-said", HTMLElement);
  tell(said, say("keys_working"));
  try {
    tell(said, (await step()) ?? "");
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    tell(said, say(SENTENCES.get(refusal.word) ?? "failed"));
  }
  if (!vouching.forged) await showAll();
  if (document.activeElement === document.body) said.focus(); // what was pressed is drawn anew
}

/** @param {Keyring} keyring */
async function showRoster(keyring) {
  const { vouching, publicKey } = keyring;
  const { roster, forged } = vouching;
  const own = { keyHash: await keyHash(publicKey), signingKey: b64urlEncode(await publicOf(await signingSeed(await keyring.ownSeed()))) };
  byId("own-words", HTMLElement).textContent = await wordsOf(own);
  const pinned = vouching.pin?.root ?? roster?.root ?? "";
  byId("root-words", HTMLElement).textContent = pinned ? await fingerprint(b64urlDecode(pinned)) : say("keys_no_roster");
  byId("other-root", HTMLElement).hidden = forged !== "other_root";
  if (forged) tell(byId("keys-said", HTMLElement), say("roster_forged"));
  if (forged === "other_root") {
    const words = await fingerprint(b64urlDecode(roster?.root ?? ""));
    tell(byId("other-root-text", HTMLElement), say("keys_other_root", { words }));
  }
  await showPeople(vouching);
}

/** @param {import("./vouching.js").Vouching} vouching */
async function showPeople(vouching) {
  const people = vouching.roster?.all ?? [];
  const items = await Promise.all(people.map(async (each) => entry({
    name: nameOf(vouching, each.subject),
    what: [oneOf("keys_roles", each.role), ...each.lines].join(" · "),
    words: await wordsOf(each),
    note: say("keys_since", { day: day(each.issuedAt) }),
  })));
  byId("people-list", HTMLElement).replaceChildren(...items);
  const changes = [...(vouching.roster?.newKeys ?? [])].reverse();
  const changed = await Promise.all(changes.map(async ({ after }) => entry({
    name: nameOf(vouching, after.subject),
    what: "",
    words: await wordsOf(after),
    note: say("keys_since", { day: day(after.issuedAt) }),
  })));
  byId("changes-list", HTMLElement).replaceChildren(...changed);
  byId("changes-none", HTMLElement).hidden = changed.length > 0;
}

/**
 * @param {Keyring} keyring
 * @param {LineShape[]} lines
 * @param {(step: () => Promise<string | void>) => Promise<void>} act
 */
function showLines(keyring, lines, act) {
  const isFounded = keyring.vouching.roster?.isFounded ?? false;
  byId("line-keys", HTMLElement).hidden = !isFounded || !lines.length;
  const items = lines.map(({ slug, name, due, made_at: madeAt }) => {
    const item = entry({
      name,
      what: due.length ? "" : say("keys_in_order"),
      words: "",
      note: [...due.map((word) => oneOf("keys_due_because", word)), madeAt ? say("keys_since", { day: day(madeAt) }) : ""].join(" "),
    });
    const button = find(item, "button", HTMLButtonElement);
    button.hidden = false;
    button.classList.toggle("quiet", !due.length);
    button.textContent = say("keys_make_new");
    button.setAttribute("aria-label", `${say("keys_make_new")}: ${name}`);
    button.addEventListener("click", () => {
      void act(async () => {
        await makeLineKeys(keyring, slug);
        return say("keys_made", { name });
      });
    });
    return item;
  });
  byId("line-keys-list", HTMLElement).replaceChildren(...items);
}

/**
 * @param {Keyring} keyring
 * @param {Unsealed[]} unsealed
 * @param {(step: () => Promise<string | void>) => Promise<void>} act
 */
function showUnsealed(keyring, unsealed, act) {
  byId("resealing", HTMLElement).hidden = !unsealed.length;
  const items = unsealed.map((each) => {
    const item = entry({ name: each.counsellor.name, what: each.line, words: "", note: say("keys_began", { day: day(each.started_at) }) });
    const button = find(item, "button", HTMLButtonElement);
    button.hidden = false;
    button.textContent = say("keys_reseal");
    button.addEventListener("click", () => {
      void act(async () => {
        const isDone = await reseal(keyring, each);
        return say(isDone ? "keys_resealed" : "board_no_key", { name: each.counsellor.name });
      });
    });
    return item;
  });
  byId("resealing-list", HTMLElement).replaceChildren(...items);
}

/**
 * @param {import("./vouching.js").Vouching} vouching
 * @param {string} subject
 */
function nameOf(vouching, subject) {
  return subject === "recovery" ? say("keys_recovery") : vouching.nameOf(subject);
}

void passDoor().then(async (keyring) => {
  whenIdle(() => location.reload()); // which forgets the keys
  await furnish(keyring);
});
