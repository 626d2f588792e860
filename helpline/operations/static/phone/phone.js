// Shows what came without a reload. The pages are whole without it: then a link looks for an answer.

const EVERY_MS = 1500;
const FOLLOWING = ["people", "entries", "state"];

async function look() {
  if (document.hidden) return;
  const { version } = await (await fetch("/version/")).json();
  if (String(version) === document.body.dataset.version) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  if (!page.body.dataset.version) return; // the demonstration is stopping
  document.body.dataset.version = page.body.dataset.version;
  for (const id of FOLLOWING) follow(document.getElementById(id), page.getElementById(id));
}

/**
 * Only what is new is added, so that a reader's place stays and a screen reader says that alone.
 *
 * @param {HTMLElement | null} here
 * @param {HTMLElement | null} there
 */
function follow(here, there) {
  if (!here || !there || here.innerHTML === there.innerHTML) return;
  if (here.id !== "entries") {
    here.replaceChildren(...there.childNodes);
    return;
  }
  const parts = [...there.children];
  parts.forEach((part, place) => {
    const old = here.children[place];
    if (!old) here.append(part);
    else if (old.innerHTML !== part.innerHTML) old.replaceWith(part);
  });
  toEnd();
}

function toEnd() {
  const entries = document.getElementById("entries");
  if (entries) entries.scrollTop = entries.scrollHeight;
}

toEnd();

async function goOn() {
  await look().catch(() => {}); // while the demonstration stops there is nobody to ask
  setTimeout(goOn, EVERY_MS);
}

setTimeout(goOn, EVERY_MS);
