// A service that the search has found goes to the conversation for which it was looked for.

/** @typedef {import("./panes.js").Panes} Panes */
/** @typedef {{ id: string, name: string } | null} Named */
/** @typedef {{ service: { id: string, name: string }, organization?: Named, need?: string, area?: string,
 *   conversation?: string }} Found the detail of the event "refer"; conversation: its code */

/**
 * Wherever on the page it comes from: for the conversation that it names, or that of its pane, or the active one.
 *
 * @param {Panes} panes
 */
export function listenForServices(panes) {
  const pick = (/** @type {Event} */ event) => {
    if (!(event instanceof CustomEvent)) return;
    /** @type {Found} */
    const found = event.detail;
    const { id, name } = found.service;
    const { need = "", area = "" } = found;
    const service = { id, name, organization: found.organization?.name ?? "" };
    paneOf(panes, event.target, found.conversation)?.referrals.pick(service, { need, area });
  };
  addEventListener("refer", pick, { capture: true }); // an event that does not rise is heard on its way down
}

/**
 * @param {Panes} panes
 * @param {EventTarget | null} target
 * @param {string | undefined} code
 */
function paneOf(panes, target, code) {
  const within = [...panes.all.values()].find((pane) => target instanceof Node && pane.element.contains(target));
  return code ? panes.all.get(code) : (within ?? panes.activePane);
}
