// A form in the other language, in place: what was typed goes along, and the tab keeps one entry of ours in the history.

const TURN_MS = 20_000;

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button says where and, by its value, how much of the page
 */
async function turn(form, button) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) body.append(name, String(value));
  const address = button.formAction;
  try {
    const signal = AbortSignal.timeout(TURN_MS);
    const response = await fetch(address, { method: "POST", body, cache: "no-store", signal });
    if (!response.headers.get("Content-Type")?.startsWith("text/html")) throw new Error("no page");
    show(new DOMParser().parseFromString(await response.text(), "text/html"));
    history.replaceState(null, "", address);
  } catch {
    tell(button.dataset["failed"] ?? ""); // nothing changed, and what was typed stands where it did
  }
}

/** @param {string} sentence */
function tell(sentence) {
  const said = document.createElement("p");
  said.className = "page panel warning";
  said.setAttribute("role", "alert");
  document.querySelector("main")?.prepend(said);
  said.textContent = sentence;
}

/** @param {Document} page */
function show(page) {
  const root = document.documentElement;
  [root.lang, root.dir, document.title] = [page.documentElement.lang, page.documentElement.dir, page.title];
  const [exit, fresh] = [document.getElementById("exit"), page.getElementById("exit")];
  if (exit && fresh) {
    exit.textContent = fresh.textContent; // its own listeners stay with it
    exit.dataset["leaving"] = fresh.dataset["leaving"] ?? "";
    fresh.replaceWith(exit);
  }
  document.body.replaceChildren(...page.body.childNodes);
  /** @type {HTMLElement | null} */ (document.querySelector(".switch"))?.focus();
}

// Before any other listener of a page: whatever it does with its form, this is not it.
addEventListener(
  "submit",
  (event) => {
    const { target, submitter } = event;
    if (!(target instanceof HTMLFormElement) || !(submitter instanceof HTMLButtonElement)) return;
    if (submitter.name !== "switch") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void turn(target, submitter);
  },
  true,
);
