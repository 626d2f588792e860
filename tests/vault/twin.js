// The browser's half of the vault tests: the same questions as vectors.py, asked of our modules.

import { b64urlDecode, b64urlEncode, hashCapability, isCode, newCode } from "../../helpline/vault/static/vault/codes.js";
import * as contexts from "../../helpline/vault/static/vault/contexts.js";
import * as letters from "../../helpline/vault/static/vault/letters.js";
import * as passphrase from "../../helpline/vault/static/vault/passphrase.js";
import * as returncode from "../../helpline/vault/static/vault/returncode.js";
import * as sealing from "../../helpline/vault/static/vault/sealing.js";
import { fingerprint } from "../../helpline/vault/static/vault/fingerprint.js";
import * as roster from "../../helpline/vault/static/vault/roster.js";
import * as signing from "../../helpline/vault/static/vault/signing.js";
import * as statements from "../../helpline/vault/static/vault/statements.js";
import { normalise } from "../../helpline/vault/static/vault/words.js";

/** @typedef {{ kind: string, secret: string, plain: string, sealed: string, place: any }} Envelope */

/** @type {Record<string, (question: any) => unknown>} */
const FACTS = {
  public_key: ({ seed }) => b64urlEncode(sealing.publicKeyOf(b64urlDecode(seed))),
  derive: async ({ secret, purpose }) => b64urlEncode(await sealing.derive(b64urlDecode(secret), purpose)),
  hash_capability: async ({ capability }) => b64urlEncode(await hashCapability(b64urlDecode(capability))),
  pad: ({ text }) => b64urlEncode(sealing.pad(text)),
  normalise: ({ typed }) => normalise(typed),
  stretch: async ({ typed, salt }) => {
    const stretched = await passphrase.stretch(typed, b64urlDecode(salt));
    return { stretched: b64urlEncode(stretched), sign_in_secret: await passphrase.signInSecret(stretched) };
  },
  return_keys: async ({ typed }) => {
    const { finder, capability, wrapKey } = await returncode.returnKeys(typed);
    const [found, opened, wrap] = [finder, capability, wrapKey].map(b64urlEncode);
    return { finder: found, capability: opened, wrap_key: wrap };
  },
  message_context: ({ code, author, client_id }) => contexts.message(code, author, client_id),
  sender_key_context: ({ code, author, key_id }) => contexts.senderKey(code, author, key_id),
  grant_context: ({ code, reader }) => contexts.grant(code, reader),
  line_key_context: (q) => contexts.lineKey(q.line_slug, q.purpose, q.epoch, q.user_code),
  whisper_context: ({ code, client_id }) => contexts.whisper(code, client_id),
  disclosure_context: ({ code, disclosure_code }) => contexts.disclosure(code, disclosure_code),
  for_guest_context: ({ code, guest_code, seq }) => contexts.forGuest(code, guest_code, seq),
  for_gateway_context: ({ code, client_id }) => contexts.forGateway(code, client_id),
  return_address_context: ({ code }) => contexts.returnAddress(code),
  staff_key_context: ({ user_code }) => contexts.staffKey(user_code),
  signed_context: ({ what }) => contexts.signed(what),
  roster_pin_context: ({ user_code }) => contexts.rosterPin(user_code),
  signature: async ({ staff_seed, what, text }) => {
    const seed = await signing.signingSeed(b64urlDecode(staff_seed));
    const [context, payload] = [contexts.signed(what), new TextEncoder().encode(text)];
    const [publicKey, signature] = [await signing.publicOf(seed), await signing.sign(seed, context, payload)];
    await signing.verify(publicKey, signature, context, payload);
    return { public: b64urlEncode(publicKey), signature: b64urlEncode(signature) };
  },
  statement: async (q) => {
    const keyHash = await statements.keyHash(b64urlDecode(q.public_key));
    const { signing_key: signingKey, issued_at: issuedAt, is_withdrawn: isWithdrawn } = q;
    return asText(statements.payloadOf({ ...q, keyHash, signingKey, issuedAt, isWithdrawn }));
  },
  head: async ({ texts }) => {
    let head = statements.NO_HEAD;
    for (const text of texts) head = await statements.nextHead(head, new TextEncoder().encode(text));
    return b64urlEncode(head);
  },
  line_key_statement: async (q) => asText(await statements.lineKeyPayload(q, b64urlDecode(q.public_key), q.root)),
  figures_statement: async (q) => asText(await statements.figuresPayload(q, new TextEncoder().encode(q.sealed))),
  figures_note_statement: async ({ sealed, number, texts }) =>
    asText(await statements.figuresNotePayload(new TextEncoder().encode(sealed), number, texts)),
  fingerprint: ({ bytes }) => fingerprint(b64urlDecode(bytes)),
  staff_reader: ({ user_code }) => contexts.staffReader(user_code),
};

/** @param {Uint8Array} bytes */
function asText(bytes) {
  return new TextDecoder().decode(bytes);
}

/**
 * @param {string} publicKey
 * @param {string} signature
 * @param {import("../../helpline/vault/static/vault/contexts.js").Signed} what
 * @param {string} payload all but the purpose in base64url
 */
export async function isSigned(publicKey, signature, what, payload) {
  try {
    const [key, signed, bytes] = [publicKey, signature, payload].map((text) => b64urlDecode(text));
    if (!key || !signed || !bytes) return null;
    await signing.verify(key, signed, contexts.signed(what), bytes);
    return true;
  } catch (error) {
    if (error instanceof signing.BadSignature) return false;
    throw error;
  }
}

/** @type {Record<string, { seal: Function, open: Function, pair?: boolean, text?: boolean }>} */
const KINDS = {
  message: { seal: sealing.sealMessage, open: sealing.openMessage, text: true },
  sender_key: { seal: sealing.sealSenderKey, open: sealing.openSenderKey, pair: true },
  grant: { seal: sealing.sealGrant, open: sealing.openGrant, pair: true },
  wrapped_grant: { seal: sealing.wrapGrant, open: sealing.unwrapGrant },
  line_key: { seal: sealing.sealLineKey, open: sealing.openLineKey, pair: true },
  whisper: { seal: letters.sealWhisper, open: letters.openWhisper, pair: true, text: true },
  disclosure: { seal: letters.sealDisclosure, open: letters.openDisclosure, pair: true, text: true },
  for_guest: { seal: letters.sealForGuest, open: letters.openForGuest, pair: true, text: true },
  return_address: { seal: letters.sealReturnAddress, open: letters.openReturnAddress, pair: true, text: true },
  for_gateway: { seal: letters.sealForGateway, open: letters.openForGateway, pair: true, text: true },
  staff_key: { seal: passphrase.wrapStaffSeed, open: passphrase.unwrapStaffSeed },
};

/** @param {string} name */
function kindOf(name) {
  const kind = KINDS[name];
  if (!kind) throw new Error(name);
  return kind;
}

/** @param {Envelope} envelope */
function placeOf({ kind, place }) {
  if (kind === "staff_key") return place.user_code;
  const { client_id, key_id, line_slug, user_code, disclosure_code, guest_code, ...same } = place;
  const ours = { clientId: client_id, keyId: key_id, lineSlug: line_slug, userCode: user_code };
  return { ...same, ...ours, disclosureCode: disclosure_code, guestCode: guest_code };
}

/** @param {any[]} questions */
export async function answerAll(questions) {
  const answers = [];
  for (const question of questions) answers.push(await FACTS[question.kind]?.(question));
  return answers;
}

/** @param {Envelope[]} envelopes */
export async function sealAll(envelopes) {
  const all = [];
  for (const envelope of envelopes) {
    const { seal, pair, text } = kindOf(envelope.kind);
    const secret = b64urlDecode(envelope.secret);
    const plain = text ? envelope.plain : b64urlDecode(envelope.plain);
    all.push(b64urlEncode(await seal(pair ? sealing.publicKeyOf(secret) : secret, plain, placeOf(envelope))));
  }
  return all;
}

/**
 * @param {Envelope[]} envelopes
 * @returns {Promise<(string | null)[]>} null for what cannot be opened
 */
export async function openAll(envelopes) {
  const all = [];
  for (const envelope of envelopes) all.push(await openedOrNull(envelope));
  return all;
}

/** @param {Envelope} envelope */
async function openedOrNull(envelope) {
  const { open, text } = kindOf(envelope.kind);
  try {
    const plain = await open(b64urlDecode(envelope.secret), b64urlDecode(envelope.sealed), placeOf(envelope));
    return text ? plain : b64urlEncode(plain);
  } catch (error) {
    if (error instanceof sealing.CannotOpen) return null;
    throw error;
  }
}

/** @param {string[]} texts */
export function decodeAll(texts) {
  return texts.map((text) => [decodedOrNull(text), isCode(text)]);
}

/** @param {string} text */
function decodedOrNull(text) {
  try {
    return Array.from(b64urlDecode(text));
  } catch {
    return null;
  }
}

/** @param {string[]} bodies */
export function unpadAll(bodies) {
  return bodies.map((body) => {
    try {
      return sealing.unpad(b64urlDecode(body));
    } catch (error) {
      if (error instanceof sealing.CannotOpen) return null;
      throw error;
    }
  });
}

/** @param {number} count */
export async function drawAll(count) {
  const codes = Array.from({ length: count }, newCode);
  const passphrases = await Promise.all(Array.from({ length: count }, passphrase.newPassphrase));
  const returnCodes = await Promise.all(Array.from({ length: count }, returncode.newReturnCode));
  return { codes, passphrases, return_codes: returnCodes };
}

/** @param {string} text */
export async function sealedTextLength(text) {
  const place = { code: newCode(), author: /** @type {const} */ ("help_seeker"), clientId: newCode() };
  try {
    return (await sealing.sealMessage(sealing.newKey(), text, place)).length;
  } catch (error) {
    return error instanceof sealing.TextTooLong ? "too long" : "another error";
  }
}

/** @param {string} typed */
export async function isReturnCode(typed) {
  try {
    return (await returncode.returnKeys(typed)).finder.length === 32;
  } catch (error) {
    if (error instanceof returncode.NotAReturnCode) return false;
    throw error;
  }
}

/** The control: a policy that did not apply would let this run. */
export function canEval() {
  try {
    return (0, eval)("true");
  } catch {
    return false;
  }
}

/**
 * @param {import("../../helpline/vault/static/vault/roster.js").Entry[]} entries
 * @param {import("../../helpline/vault/static/vault/roster.js").Pin | null} pin
 * @param {string} subject
 * @param {string} publicKey
 * @returns {Promise<boolean | string>} or why the whole roster is refused
 */
export async function vouchesFor(entries, pin, subject, publicKey) {
  const read = new roster.Roster(pin);
  try {
    await read.add(entries);
  } catch (error) {
    if (!(error instanceof roster.Forged)) throw error;
    const stillBelieves = await read.vouchesFor(subject, b64urlDecode(publicKey));
    return stillBelieves ? "believes it all the same" : error.why;
  }
  return read.vouchesFor(subject, b64urlDecode(publicKey));
}

/**
 * @param {import("../../helpline/vault/static/vault/roster.js").Entry[]} entries
 * @param {import("../../helpline/vault/static/vault/roster.js").SignedLineKey} key
 */
export async function vouchesForLine(entries, key) {
  const read = new roster.Roster(null);
  await read.add(entries);
  return read.vouchesForLine(key);
}

/**
 * @param {string} seed
 * @param {string} userCode
 * @param {import("../../helpline/vault/static/vault/roster.js").Pin} pin
 */
export async function wrapPin(seed, userCode, pin) {
  return b64urlEncode(await roster.wrapPin(b64urlDecode(seed), userCode, pin));
}

/**
 * @param {string} seed
 * @param {string} userCode
 * @param {string} wrapped
 */
export async function unwrapPin(seed, userCode, wrapped) {
  try {
    return await roster.unwrapPin(b64urlDecode(seed), userCode, b64urlDecode(wrapped));
  } catch (error) {
    if (error instanceof sealing.CannotOpen) return null;
    throw error;
  }
}
