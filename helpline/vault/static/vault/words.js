// Words to remember, from the EFF long list. The lists are loaded only when words are drawn.

/**
 * Uniform and independent, from the list less the words that would hurt the person reading them.
 *
 * @param {number} count
 * @returns {Promise<string>} lower case, joined by single spaces
 */
export async function drawWords(count) {
  const words = await drawn();
  return Array.from({ length: count }, () => words[randomBelow(words.length)]).join(" ");
}

/**
 * As the words were drawn, however they are typed: `Acorn,  abacus` is `acorn abacus`.
 *
 * @param {string} typed
 * @returns {string}
 */
export function normalise(typed) {
  return typed
    .toLowerCase()
    .replaceAll(/[^a-z-]+/g, " ")
    .trim();
}

/** The list less the words that would hurt. */
export async function drawn() {
  const [all, avoided] = await Promise.all([list("./words.txt"), list("./words-avoided.txt")]);
  const hurtful = new Set(avoided);
  return all.filter((word) => !hurtful.has(word));
}

/**
 * @param {string} name
 * @returns {Promise<string[]>}
 */
async function list(name) {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error("no word list");
  return (await response.text()).trim().split("\n");
}

/**
 * @param {number} limit
 * @returns {number} 0 to limit - 1, each equally likely
 */
function randomBelow(limit) {
  const end = Math.floor(2 ** 32 / limit) * limit;
  for (;;) {
    const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
    if (number < end) return number % limit;
  }
}
