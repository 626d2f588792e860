// Handing somebody on to a service: what it is told is sealed here, once for the person and once for the link that the
// service is given. docs/referrals.md is the contract.

import { b64urlDecode, b64urlEncode, hashCapability, newCode } from "../vault/codes.js";
import { CannotOpen, newKey, openMessage, openSenderKey, sealMessage, sealSenderKey } from "../vault/sealing.js";
import { post, untilAnswered } from "./api.js";

/** @typedef {import("./api.js").Asked} Asked */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {{ id: string, name: string, organization: string }} Service */
/** @typedef {{ need: string, area: string }} About */
/** @typedef {About & { days: number, note: string, contact: string, mayJoin: boolean, mayTell: boolean }} Wish mayJoin: this
 *   chat; mayTell: that they came */

const author = /** @type {const} */ ("counsellor");

/**
 * Ask the person whether a service may be told; it hears nothing before their yes. Throws Refused, TextTooLong.
 *
 * @param {Conversation} conversation
 * @param {Service} service
 * @param {Wish} wish
 */
export async function askToRefer(conversation, service, { need, area, days, note, contact, mayJoin, mayTell }) {
  const code = newCode();
  const [own, link] = await Promise.all([ownKey(conversation), newLink()]);
  const linkKey = newKey();
  const items = [
    { code: newCode(), what: "need" },
    ...(note ? [await sealedItem(conversation, own.key, code, linkKey, "note", note)] : []),
    ...(contact ? [await sealedItem(conversation, own.key, code, linkKey, "contact", contact)] : []),
    ...(mayJoin ? [{ code: newCode(), what: "join" }] : []),
    ...(mayTell ? [{ code: newCode(), what: "reached" }] : []),
  ];
  const sealedLink = await sealFor(conversation, own.key, code, `${link.token}.${b64urlEncode(linkKey)}`);
  const about = { code, need, area, key_id: own.keyId, key: own.sealed };
  const asked = { service: service.id, days, token_hash: link.hash, link: sealedLink, items };
  await untilAnswered(() => post(`/c/${conversation.code}/referrals/ask`, { ...about, ...asked }));
}

/**
 * Ask services for room, each by a link of its own. Throws Refused.
 *
 * @param {Conversation} conversation
 * @param {Service[]} services
 * @param {About} about
 */
export async function askForRoom(conversation, services, { need, area }) {
  const own = await ownKey(conversation);
  const asks = await Promise.all(
    services.map(async ({ id: service }) => {
      const [code, link] = [newCode(), await newLink()];
      return { code, service, token_hash: link.hash, link: await sealFor(conversation, own.key, code, link.token) };
    }),
  );
  const about = { code: newCode(), need, area, key_id: own.keyId, key: own.sealed };
  await untilAnswered(() => post(`/c/${conversation.code}/room/ask`, { ...about, asks }));
}

/**
 * What somebody said who reads by text or mail.
 *
 * @param {Conversation} conversation
 * @param {string} referral
 * @param {string[]} agreed codes of the items that they said yes to
 */
export async function keepAnswer({ code }, referral, agreed) {
  await untilAnswered(() => post(`/c/${code}/referrals/answer`, { referral, agreed }));
}

/**
 * @param {Conversation} conversation
 * @param {string} referral
 * @param {string} [item] one thing; else all of it
 */
export async function takeBack({ code }, referral, item = "") {
  await untilAnswered(() => post(`/c/${code}/referrals/withdraw`, { referral, item }));
}

/**
 * @param {Conversation} conversation
 * @param {string} request
 */
export async function endRoom({ code }, request) {
  await untilAnswered(() => post(`/c/${code}/room/end`, { request }));
}

/**
 * @param {Conversation} conversation
 * @param {string} state how far they are on the way to ACC therapy
 */
export async function followWay({ code }, state) {
  await untilAnswered(() => post(`/c/${code}/pathway`, { state }));
}

/**
 * What was sealed to the conversation: a link, or an item's words.
 *
 * @param {Conversation} conversation
 * @param {Asked} asked with the key
 * @param {string} code under which it was sealed
 * @param {string} sealed
 * @returns {Promise<string | null>} null when it cannot be opened here
 */
export async function opened({ code: conversation, seed }, { key, key_id: keyId }, code, sealed) {
  if (!seed || !key || !sealed) return null;
  try {
    const own = await openSenderKey(seed, b64urlDecode(key), { code: conversation, author, keyId });
    return await openMessage(own, b64urlDecode(sealed), { code: conversation, author, clientId: code });
  } catch (error) {
    if (error instanceof CannotOpen) return null;
    throw error;
  }
}

/**
 * Where a service follows a link; everything that matters stands behind the #, which no browser sends anywhere.
 *
 * @param {"referral" | "room"} kind
 * @param {string} secret
 * @returns {string} empty where services have no door
 */
export function addressOf(kind, secret) {
  const host = document.body.dataset["portal"];
  if (!host) return "";
  const { protocol, port } = location;
  return `${protocol}//${host}${port && !host.includes(":") ? `:${port}` : ""}/${kind}/#${secret}`;
}

/**
 * A key for one question, under which its texts are sealed as messages are.
 *
 * @param {Conversation} conversation
 */
async function ownKey({ code, publicKey }) {
  const [keyId, key] = [newCode(), newKey()];
  return { keyId, key, sealed: b64urlEncode(await sealSenderKey(publicKey, key, { code, author, keyId })) };
}

async function newLink() {
  const token = newCode();
  return { token, hash: b64urlEncode(await hashCapability(new TextEncoder().encode(token))) };
}

/**
 * @param {Conversation} conversation
 * @param {import("../vault/codes.js").Bytes} key
 * @param {string} clientId
 * @param {string} text
 */
async function sealFor({ code }, key, clientId, text) {
  return b64urlEncode(await sealMessage(key, text, { code, author, clientId }));
}

/**
 * The same words twice: as the person reads them, and for whoever has the link.
 *
 * @param {Conversation} conversation
 * @param {import("../vault/codes.js").Bytes} key
 * @param {string} referral
 * @param {import("../vault/codes.js").Bytes} linkKey
 * @param {string} what
 * @param {string} text
 */
async function sealedItem(conversation, key, referral, linkKey, what, text) {
  const code = newCode();
  const [sealed, forService] = await Promise.all([
    sealFor(conversation, key, code, text),
    sealMessage(linkKey, text, { code: referral, author, clientId: code }),
  ]);
  return { code, what, sealed, for_service: b64urlEncode(forService) };
}
