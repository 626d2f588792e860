// The codes of a record, as a form holds them: lists of which one is chosen, and boxes of which any may be ticked.

/** @typedef {Record<string, string | string[]>} Coded */

/**
 * @param {HTMLFormElement} form
 * @returns {(HTMLSelectElement | HTMLInputElement)[]}
 */
export function fieldsOf(form) {
  const found = [...form.querySelectorAll("select, input[type=checkbox]:not([data-weight])")];
  return found.filter((field) => field instanceof HTMLSelectElement || field instanceof HTMLInputElement);
}

/**
 * @param {HTMLFormElement} form
 * @returns {Coded}
 */
export function codedIn(form) {
  /** @type {Coded} */
  const coded = {};
  for (const field of fieldsOf(form)) {
    if (field instanceof HTMLSelectElement) {
      coded[field.name] = field.value;
      continue;
    }
    const chosen = coded[field.name] ?? [];
    coded[field.name] = field.checked ? [...chosen, field.value] : [...chosen];
  }
  return coded;
}

/**
 * @param {HTMLFormElement} form
 * @param {Coded} coded what is known already of some fields, or of all
 * @param {Set<string>} [except] names of fields that stay as they are
 */
export function fill(form, coded, except = new Set()) {
  for (const field of fieldsOf(form)) {
    const value = coded[field.name];
    if (value === undefined || except.has(field.name)) continue;
    if (field instanceof HTMLSelectElement) field.value = String(value);
    else field.checked = value.includes(field.value);
  }
}

/**
 * @param {Coded} coded
 * @returns {Coded} without what nobody has stated yet
 */
export function statedIn(coded) {
  return Object.fromEntries(Object.entries(coded).filter(([, value]) => value.length && value !== "not_stated"));
}

/**
 * @param {HTMLFormElement} form
 * @returns {boolean} whether anything is chosen that the page did not come with
 */
export function isChanged(form) {
  return fieldsOf(form).some((field) =>
    field instanceof HTMLSelectElement
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.checked !== field.defaultChecked,
  );
}
