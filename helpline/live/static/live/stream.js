// The live wire in the browser (docs/live.md): one stream down, posts up. Both go on by themselves after a lost network,
// a server that restarts, or an answer that never came; nothing is lost, and what arrives twice is dropped by its id.

/** @typedef {() => Record<string, string>} Headers asked before each request, since they may change */
/** @typedef {"connecting" | "open" | "away" | "ended"} StreamState away: being tried again; ended: for good */
/** @typedef {"sending" | "away" | "sent" | "refused"} MessageState away: being tried again */
/** @typedef {{ client_id: string, key_id: string, sealed: string, key: string }} SealedMessage */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const SILENCE_MS = 60_000; // the server speaks every 25 s
const ANSWER_MS = 15_000; // the server answers within 10, whatever has become of its database
const MAX_CODES = 32; // conversations remembered by a desk's stream; the server takes 64

/** What cannot be mended by trying again. */
const FINAL = new Set([400, 403, 404, 405, 409, 413]);

/**
 * Read a stream until it ends for good or is closed.
 *
 * @param {object} options
 * @param {string} options.url
 * @param {Headers} options.headers
 * @param {string} [options.after] the ids that the page has already, as in Last-Event-ID
 * @param {(name: string, data: any) => void | Promise<void>} options.onEvent awaited, so that order holds
 * @param {(state: StreamState, word: string) => void} [options.onState] with "ended" the server's word for why
 * @returns {{ close: () => void, retry: () => void }} retry: now, after signing in again for instance
 */
export function follow({ url, headers, after = "", onEvent, onState = () => {} }) {
  const ids = parseIds(after);
  const pauses = backOff();
  let control = new AbortController();
  let isClosed = false;

  /** @param {string} field */
  function remember(field) {
    const [code, seq] = parseId(field);
    ids.delete(code); // so that the newest stands last
    ids.set(code, seq);
    for (const oldest of [...ids.keys()].slice(0, -MAX_CODES)) ids.delete(oldest);
  }

  /** @param {string} text */
  async function hear(text) {
    const { event, data, id } = parseEvent(text);
    if (!event) return; // a heartbeat
    try {
      await onEvent(event, JSON.parse(data));
    } catch (error) {
      reportError(error); // one event that the page cannot take must not end the stream
    }
    if (id) remember(id);
  }

  /** @returns {Promise<string>} why it is over for good; empty when it may be tried again */
  async function readOnce() {
    control = new AbortController();
    const silence = watchdog(() => control.abort());
    silence.expect(ANSWER_MS);
    try {
      const last = formatIds(ids);
      const response = await fetch(url, {
        headers: { ...headers(), ...(last && { "Last-Event-ID": last }) },
        cache: "no-store",
        signal: control.signal,
      });
      if (FINAL.has(response.status) || response.status === 401) return wordOf(response);
      if (!response.ok || !response.body) return "";
      onState("open", "");
      let rest = "";
      for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done || isClosed) return "";
        pauses.reset();
        silence.expect(SILENCE_MS);
        const texts = (rest + value).split("\n\n");
        rest = texts.pop() ?? "";
        for (const text of texts) await hear(text);
      }
    } catch {
      return "";
    } finally {
      silence.stop();
    }
  }

  async function run() {
    while (!isClosed) {
      onState("connecting", "");
      const word = await readOnce();
      if (isClosed) return;
      onState(word ? "ended" : "away", word);
      await (word ? pauses.untilAsked() : pauses.wait());
    }
  }

  run();
  return {
    close() {
      isClosed = true;
      control.abort();
      pauses.retry();
    },
    retry: () => pauses.retry(),
  };
}

/**
 * Post messages one after another, each until it is answered; the next one waits, so that order holds.
 *
 * @param {object} options
 * @param {string} options.url
 * @param {Headers} options.headers
 * @param {(message: SealedMessage, state: MessageState, word: string) => void} options.onState with "refused" why:
 *   closed, unknown (both also refuse what waits), too_large, malformed, key
 * @returns {{ send: (message: SealedMessage) => void, retry: () => void }}
 */
export function sender({ url, headers, onState }) {
  /** @type {SealedMessage[]} */
  const waiting = [];
  /** @type {Set<string>} */
  const knownKeys = new Set();
  const pauses = backOff();
  let isRunning = false;

  /**
   * @param {SealedMessage} message
   * @returns {Promise<[MessageState, string]>}
   */
  async function sendOnce({ key, ...message }) {
    const body = knownKeys.has(message.key_id) ? message : { ...message, key };
    const response = await post(url, headers(), body);
    if (response?.ok) {
      knownKeys.add(message.key_id);
      return ["sent", ""];
    }
    if (response?.status === 422 && knownKeys.delete(message.key_id)) return sendOnce({ key, ...message });
    if (response && (FINAL.has(response.status) || response.status === 422)) {
      return ["refused", await wordOf(response)];
    }
    return ["away", ""];
  }

  async function run() {
    isRunning = true;
    for (let message = waiting[0]; message; message = waiting[0]) {
      const [state, word] = await sendOnce(message);
      if (state === "away") {
        onState(message, state, word);
        await pauses.wait();
        continue;
      }
      pauses.reset();
      const isOver = word === "closed" || word === "unknown";
      for (const each of waiting.splice(0, isOver ? waiting.length : 1)) onState(each, state, word);
    }
    isRunning = false;
  }

  return {
    send(message) {
      waiting.push(message);
      onState(message, "sending", "");
      if (!isRunning) run();
    },
    retry: () => pauses.retry(),
  };
}

/**
 * Say something small once: typing, or how far one has received. Losing it costs nothing.
 *
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {object} body
 * @returns {Promise<boolean>} whether it arrived
 */
export async function tell(url, headers, body) {
  return (await post(url, headers, body))?.ok ?? false;
}

/**
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {object} body
 * @returns {Promise<Response | null>} null without an answer
 */
async function post(url, headers, body) {
  try {
    return await fetch(url, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      keepalive: true, // also when the page is left meanwhile
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  } catch {
    return null;
  }
}

/**
 * Pauses that grow, each shortened by chance so that not everybody comes back at once, and cut short by `retry` or by
 * the network coming back.
 */
function backOff() {
  let pause = FIRST_PAUSE_MS;
  let goOn = () => {};
  addEventListener("online", () => goOn());

  /** @param {number | null} ms */
  function sleep(ms) {
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const timer = ms === null ? undefined : setTimeout(resolve, ms);
        goOn = () => {
          clearTimeout(timer);
          resolve();
        };
      })
    );
  }

  return {
    reset: () => {
      pause = FIRST_PAUSE_MS;
    },
    retry: () => goOn(),
    untilAsked: () => sleep(null),
    async wait() {
      await sleep(pause * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    },
  };
}

/** @param {() => void} bark called when what is expected has not come in time */
function watchdog(bark) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  return {
    /** @param {number} ms */
    expect(ms) {
      stop();
      timer = setTimeout(bark, ms);
    },
    stop,
  };
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function wordOf(response) {
  const { error = "malformed" } = await response.json().catch(() => ({}));
  return error;
}

/** @param {string} text */
function parseEvent(text) {
  const fields = { event: "", data: "", id: "" };
  for (const line of text.split("\n")) {
    const [name = "", ...value] = line.split(": ");
    if (name in fields) fields[/** @type {keyof typeof fields} */ (name)] = value.join(": ");
  }
  return fields;
}

/**
 * A help-seeker's id is a number; a desk's says of which conversation.
 *
 * @param {string} id
 * @returns {[string, string]}
 */
function parseId(id) {
  const [code = "", seq] = id.split("=");
  return seq === undefined ? ["", code] : [code, seq];
}

/** @param {string} text */
function parseIds(text) {
  return new Map(text ? text.split(",").map(parseId) : []);
}

/** @param {Map<string, string>} ids */
function formatIds(ids) {
  return [...ids].map(([code, seq]) => (code ? `${code}=${seq}` : seq)).join(",");
}
