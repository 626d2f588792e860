// The menu in the bar: what is for this person's role; closed by Esc, or by going elsewhere.

/** @param {string} [role] on the desk, whose page is the same for everybody; elsewhere the server has chosen already */
export function furnishMenu(role) {
  const menu = /** @type {HTMLDetailsElement} */ (document.getElementById("menu"));
  if (role) {
    for (const entry of /** @type {NodeListOf<HTMLElement>} */ (menu.querySelectorAll("[data-roles]"))) {
      entry.hidden = !entry.dataset["roles"]?.split(" ").includes(role);
    }
    menu.hidden = false;
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) menu.open = false;
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
  });
}
