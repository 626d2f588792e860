// A line's side of SMPP by the npm package `smpp`: not ours, and so a witness. Says what came as one JSON object a line;
// does what it reads, the same way.
const smpp = require("smpp");

const [, , port, systemId, password] = process.argv;
const session = smpp.connect({ url: `smpp://127.0.0.1:${port}` });
const say = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

session.on("error", () => process.exit(1));
session.on("close", () => process.exit(0));
session.on("connect", () =>
  session.bind_transceiver({ system_id: systemId, password }, (pdu) => say({ bound: pdu.command_status })),
);
session.on("enquire_link", (pdu) => session.send(pdu.response()));
session.on("deliver_sm", (pdu) => {
  session.send(pdu.response());
  const { message, udh } = pdu.short_message;
  say({
    from: pdu.source_addr,
    to: pdu.destination_addr,
    esm: pdu.esm_class,
    coding: pdu.data_coding,
    words: message,
    udh: udh ? udh.map((part) => part.toString("hex")) : null,
    about: pdu.receipted_message_id ?? null,
    state: pdu.message_state ?? null,
  });
});

const doing = {
  submit: ({ to, words }) =>
    session.submit_sm(
      { destination_addr: to, dest_addr_ton: 1, dest_addr_npi: 1, source_addr: "4334", short_message: words, registered_delivery: 1 },
      (pdu) => say({ submitted: pdu.command_status, id: pdu.message_id }),
    ),
  enquire: () => session.enquire_link({}, (pdu) => say({ enquired: pdu.command_status })),
  query: () => session.query_sm({ message_id: "1" }, (pdu) => say({ queried: pdu.command })),
  unbind: () => session.unbind({}, (pdu) => { say({ unbound: pdu.command_status }); session.close(); }),
};

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const asked = JSON.parse(line);
    doing[asked.do](asked);
  });
