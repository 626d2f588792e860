// What the live wire brings to the desk, taken to the conversation that it is for.

import { follow } from "../live/stream.js";
import { LIVE_HEADERS } from "./outgoing.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

/**
 * @param {object} desk
 * @param {(code: string) => Conversation | undefined} desk.find
 * @param {() => void} desk.refresh
 * @param {(code?: string) => void} desk.onNews something besides words, in one conversation or in any
 * @param {() => void} desk.onQueue who waits, who is there or what is open has changed
 * @param {(isUp: boolean) => void} desk.onReach
 * @param {() => void} desk.onEnded the live process does not know this session: it may be over, or have a new key
 * @param {Conversation[]} held what the desk has read already
 */
export function listen({ find, refresh, onNews, onQueue, onReach, onEnded }, held) {
  /** @type {Record<string, (conversation: Conversation, data: any) => void | Promise<void>>} */
  const handlers = {
    key: (conversation, data) => conversation.learn(data),
    message: (conversation, data) => conversation.receive(data),
    typing: (conversation, data) => {
      if (data.author === "help_seeker") conversation.typing(data.on);
    },
    receipt: (conversation, data) => {
      if (data.author === "help_seeker") conversation.received(data.seq);
    },
  };
  return follow({
    url: "/live/desk",
    headers: () => LIVE_HEADERS,
    after: held.map(({ code, lastSeq }) => `${code}=${lastSeq}`).join(","),
    onEvent: async (name, data) => {
      if (name === "state" || name === "desk") onNews(data.code);
      if (name === "queue") return onQueue();
      const handler = handlers[name];
      if (!handler) return refresh(); // desk, queue, state: read again
      const conversation = find(data.code);
      if (conversation) await handler(conversation, data);
      else refresh();
    },
    onState: (state) => {
      if (state === "open") {
        onReach(true);
        refresh(); // whatever happened meanwhile
      } else if (state === "away") {
        onReach(false);
      } else if (state === "ended") {
        onEnded();
      }
    },
  });
}
