// @ts-nocheck It runs in Node, whose types are not among ours.
// A carrier for tests: npm `smpp` as the server, with a carrier's whole repertoire. It is told what to do by lines of JSON
// on its standard input and tells what happened on its standard output.
//
// What it has to deliver, and what it was given, stands in a journal (--journal FILE): killed and started again it
// delivers again what was not acknowledged.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import smpp from "smpp";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    password: { type: "string", default: "secret" },
    journal: { type: "string", default: "" },
    // With a certificate it speaks TLS and nothing else.
    key: { type: "string", default: "" },
    cert: { type: "string", default: "" },
    // Octets go through as they came, from the connection of one system to those of the others.
    exchange: { type: "boolean", default: false },
  },
});
const RETRY_MS = 200; // after a refusal
const WINDOW = 50; // deliveries on one connection that wait for their answer
const IN_PARTS = { gsm: 153, ucs2: 67 };

const queue = new Map(); // by id: what is to be delivered
const sessions = new Set(); // bound
const behaviour = { deaf: false, frozen: false, rate: 0, refuse: 0, receipts: "after", state: "DELIVRD", status: 0 };
let submitted = 0;
let taken = { second: 0, count: 0 };
let deliveries = 0;

if (options.exchange) {
  // Neither read nor written anew: what one end has encoded, the other end has to read.
  for (const command of ["submit_sm", "deliver_sm"]) delete smpp.commands[command].params.short_message.filter;
}

function tell(event, facts = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
}

function note(line) {
  if (options.journal) appendFileSync(options.journal, `${JSON.stringify(line)}\n`);
}

function readJournal() {
  if (!options.journal || !existsSync(options.journal)) return;
  const lines = readFileSync(options.journal, "utf8").split("\n");
  for (const line of lines.slice(0, -1)) {
    const { to_deliver: item, acknowledged, submitted: id } = JSON.parse(line);
    if (item) queue.set(item.id, { ...item, state: "waiting" });
    if (acknowledged) queue.delete(acknowledged);
    if (id) submitted = Math.max(submitted, Number.parseInt(id, 16));
  }
}

// Delivering.

function partsOf(text) {
  const isGsm = smpp.encodings.ASCII.match(text);
  if (text.length <= (isGsm ? 160 : 70)) return [text];
  const size = isGsm ? IN_PARTS.gsm : IN_PARTS.ucs2;
  return Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size));
}

function encoded(text) {
  return smpp.encodings.ASCII.match(text)
    ? { data_coding: 0, octets: smpp.encodings.ASCII.encode(text) }
    : { data_coding: 8, octets: smpp.encodings.UCS2.encode(text) };
}

/** @returns {any[]} the messages in which a text comes, in `order` (of numbers from 1) */
function messagesOf({ id, text, order, reference = 1, sar = false, ...rest }) {
  const [parts, { data_coding }] = [partsOf(text), encoded(text)];
  if (parts.length === 1) return [{ ...rest, id, data_coding, octets: encoded(text).octets.toString("hex") }];
  return (order ?? parts.map((_, n) => n + 1)).map((number) => {
    const part = data_coding ? smpp.encodings.UCS2.encode(parts[number - 1]) : encoded(parts[number - 1]).octets;
    const header = Buffer.from([5, 0, 3, reference, parts.length, number]);
    return {
      ...rest,
      id: `${id}/${number}`,
      data_coding,
      esm_class: sar ? 0 : 0x40,
      octets: (sar ? part : Buffer.concat([header, part])).toString("hex"),
      ...(sar && { sar_msg_ref_num: reference, sar_total_segments: parts.length, sar_segment_seqnum: number }),
    };
  });
}

function enqueue(item) {
  note({ to_deliver: item });
  queue.set(item.id, { ...item, state: "waiting" });
}

function pump() {
  const receivers = [...sessions].filter((session) => session.receives && !session.isGone);
  if (!receivers.length || behaviour.frozen) return;
  for (const item of queue.values()) {
    if (item.state !== "waiting") continue;
    const fitting = receivers.filter((each) => each.waiting < WINDOW && isFor(item, each));
    if (!fitting.length) {
      if (item.system || item.author) continue;
      return;
    }
    deliver(item, fitting[deliveries++ % fitting.length]);
  }
}

/** A receipt goes to whom it tells; what one system has written, to the others. */
function isFor({ system, author }, session) {
  return (!system || session.system === system) && session.system !== author;
}

function deliver(item, session) {
  item.state = "delivering";
  item.session = session;
  session.waiting += 1;
  const { id, from, to, octets, session: _, state: __, is_named, system: ___, author: ____, ...rest } = item;
  const address = (number) => (/^\+/.test(number) ? [1, 1, number.slice(1)] : [0, 1, number]);
  const [[source_addr_ton, source_addr_npi, source_addr], [dest_addr_ton, dest_addr_npi, destination_addr]] = [from, to].map(address);
  session.deliver_sm(
    {
      source_addr_ton, source_addr_npi, source_addr, dest_addr_ton, dest_addr_npi, destination_addr,
      short_message: Buffer.from(octets, "hex"),
      ...(is_named && { receipted_message_id: id }),
      ...rest,
    },
    (answer) => answered(item, session, answer),
  );
}

function answered(item, session, answer) {
  if (behaviour.deaf || item.session !== session) return;
  session.waiting -= 1;
  item.session = null;
  if (answer.command_status) {
    tell("refused", { id: item.id, status: answer.command_status });
    setTimeout(() => {
      item.state = "waiting";
      pump();
    }, RETRY_MS);
    return;
  }
  queue.delete(item.id);
  note({ acknowledged: item.id });
  tell(item.esm_class === 4 ? "reported" : "acknowledged", { id: item.id });
  pump();
}

// Taking.

function submit(session, request) {
  if (isTooFast()) return session.send(request.response({ command_status: smpp.ESME_RTHROTTLED }));
  if (behaviour.status) return session.send(request.response({ command_status: behaviour.status }));
  const message_id = (++submitted).toString(16).padStart(8, "0");
  note({ submitted: message_id, reference: request.user_message_reference });
  const answer = () => session.send(request.response({ message_id }));
  if (options.exchange) {
    answer(); // first: Kannel knows no text by a name that it has not heard
    return passOn(session, request, message_id);
  }
  const { message, udh } = request.short_message;
  tell("submitted", {
    id: message_id,
    from: request.source_addr,
    to: request.destination_addr,
    ton: request.dest_addr_ton,
    text: typeof message === "string" ? message : message.toString("latin1"),
    header: (udh ?? []).map((element) => element.toString("hex")),
    data_coding: request.data_coding,
    reference: request.user_message_reference,
    octets: request.command_length,
  });
  if (behaviour.receipts === "before") receipt(request, message_id);
  answer();
  if (behaviour.receipts === "after") setImmediate(() => receipt(request, message_id));
}

function passOn(session, request, id) {
  const address = (ton, number) => (ton === 1 ? `+${number}` : number);
  const { message_payload, sar_msg_ref_num, sar_total_segments, sar_segment_seqnum } = request;
  const tags = { message_payload, sar_msg_ref_num, sar_total_segments, sar_segment_seqnum };
  enqueue({
    id: `x${id}`,
    author: session.system,
    from: address(request.source_addr_ton, request.source_addr),
    to: address(request.dest_addr_ton, request.destination_addr),
    octets: request.short_message.toString("hex"),
    esm_class: request.esm_class & 0x40,
    data_coding: request.data_coding,
    ...Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined)),
  });
  if (request.registered_delivery & 1) receipt(request, id, session.system);
  pump();
}

function receipt(request, id, system) {
  if (!(request.registered_delivery & 1)) return;
  const at = new Date().toISOString().replace(/\D/g, "").slice(2, 14);
  const words = `id:${id} sub:001 dlvrd:001 submit date:${at} done date:${at} stat:${behaviour.state} err:0A1 text:`;
  const [to, from] = [request.source_addr, request.destination_addr];
  enqueue({ id: `r${id}`, system, from, to, esm_class: 4, data_coding: 0, octets: Buffer.from(words).toString("hex") });
  pump();
}

function isTooFast() {
  if (!behaviour.rate) return false;
  const second = Math.floor(Date.now() / 1000);
  if (taken.second !== second) taken = { second, count: 0 };
  const isTooMany = ++taken.count > behaviour.rate;
  if (isTooMany) tell("throttled");
  return isTooMany;
}

// Connections.

function serve(session) {
  session.waiting = 0;
  for (const command of ["bind_transceiver", "bind_receiver", "bind_transmitter"]) {
    session.on(command, (request) => {
      if (request.password !== options.password) {
        session.send(request.response({ command_status: smpp.ESME_RINVPASWD }));
        return;
      }
      session.system = request.system_id;
      session.receives = command !== "bind_transmitter";
      sessions.add(session);
      session.send(request.response({ system_id: "test" }));
      tell("bound", { system: request.system_id, mode: command });
      pump();
    });
  }
  session.on("submit_sm", (request) => submit(session, request));
  session.on("enquire_link", (request) => {
    if (!behaviour.frozen) session.send(request.response());
  });
  session.on("unbind", (request) => {
    session.send(request.response());
    session.close();
  });
  session.on("close", () => gone(session));
  session.on("error", () => gone(session));
}

function gone(session) {
  session.isGone = true;
  if (!sessions.delete(session)) return;
  for (const item of queue.values()) {
    if (item.session === session) Object.assign(item, { session: null, state: "waiting" });
  }
  tell("gone", { system: session.system });
  pump();
}

const commands = {
  /** A text of somebody, in as many messages as it takes. */
  deliver: (wish) => {
    for (const item of messagesOf(wish)) enqueue(item);
    pump();
  },
  /** One message, octet by octet. */
  deliver_octets: (item) => {
    enqueue(item);
    pump();
  },
  behave: (wish) => {
    Object.assign(behaviour, wish);
    tell("behaving");
    pump();
  },
  drop: () => {
    for (const session of [...sessions]) session.destroy();
  },
  unbind: () => {
    for (const session of sessions) session.unbind();
  },
};

readJournal();
const tls = options.key ? { key: readFileSync(options.key), cert: readFileSync(options.cert) } : {};
const server = smpp.createServer(tls, serve);
server.listen(Number(options.port), "127.0.0.1", () => tell("listening", { port: server.address().port }));
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { do: name, ...wish } = JSON.parse(line);
    commands[name](wish);
  })
  .on("close", () => process.exit(0));
