// What leads to another page needs a script: without one it is not shown, since a plain link in a frame would be an entry
// in the history.

for (const part of document.querySelectorAll("[data-needs-script]")) {
  if (part instanceof HTMLElement) part.hidden = false;
}
