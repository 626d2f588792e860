// The few things done to the page again and again, with their types.

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  return checked(document.getElementById(id), id, type);
}

/**
 * @template {HTMLElement} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function find(root, selector, type) {
  return checked(root.querySelector(selector), selector, type);
}

/**
 * A copy of a template's one element.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyOf(id) {
  const first = byId(id, HTMLTemplateElement).content.firstElementChild;
  return checked(first?.cloneNode(true), id, HTMLElement);
}

/**
 * Show text, or nothing at all.
 *
 * @param {HTMLElement} element
 * @param {string} text empty hides it
 */
export function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

/**
 * @param {HTMLElement} list
 * @param {{ text: string, kind?: string, lang?: string }[]} chips
 */
export function showChips(list, chips) {
  list.replaceChildren(
    ...chips.map(({ text, kind, lang }) => {
      const chip = document.createElement("li");
      chip.className = kind ? `chip ${kind}` : "chip";
      chip.textContent = text;
      if (lang) chip.lang = lang;
      return chip;
    }),
  );
  list.hidden = !chips.length;
}

/**
 * @template {HTMLElement} T
 * @param {unknown} element
 * @param {string} name
 * @param {new () => T} type
 * @returns {T}
 */
function checked(element, name, type) {
  if (!(element instanceof type)) throw new Error(name);
  return element;
}
