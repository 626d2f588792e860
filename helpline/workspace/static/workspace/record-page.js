// A record on a page of its own, coded late: kept as it is coded, and by keyboard.

import { byId, find } from "./dom.js";
import { Drafts } from "./record-drafts.js";
import { codedIn, isChanged } from "./record-fields.js";
import { listenForRecordKeys } from "./record-keys.js";

const form = byId("record-form", HTMLFormElement);
listenForRecordKeys(form);
const code = form.dataset["draft"];
if (code) {
  const drafts = new Drafts(code, () => codedIn(form), find(form, ".record-kept", HTMLElement));
  form.addEventListener("change", () => drafts.note());
  if (isChanged(form)) drafts.note(); // before this script was here
}
