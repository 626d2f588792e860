// How many text messages a reply takes, counted before it is sent. The twin of channels/sms/gsm.py, which says why.

// 3GPP TS 23.038, tables 6.2.1 and 6.2.1.1: what takes one septet, and what takes two.
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION = new Set("\f^{}\\[~]|€");
const ALONE = { gsm: 160, ucs2: 70 };
const IN_PARTS = { gsm: 153, ucs2: 67 };

/**
 * @typedef {object} Count
 * @property {"gsm" | "ucs2"} coding
 * @property {number} units septets, or UTF-16 code units
 * @property {number} parts
 * @property {number} left units for which the last part still has room
 * @property {string} wide the first character for which the text takes more than twice the room; empty with "gsm"
 */

/**
 * @param {string} text
 * @returns {Count}
 */
export function countParts(text) {
  const characters = [...text];
  const wide = characters.find((each) => !BASIC.has(each) && !EXTENSION.has(each)) ?? "";
  const coding = wide ? "ucs2" : "gsm";
  const sizes = characters.map((each) => (wide ? each.length : 1 + Number(EXTENSION.has(each))));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= ALONE[coding]) return { coding, units, parts: 1, left: ALONE[coding] - units, wide };
  let [parts, used] = [1, 0];
  for (const size of sizes) {
    const fits = used + size <= IN_PARTS[coding];
    [parts, used] = fits ? [parts, used + size] : [parts + 1, size];
  }
  return { coding, units, parts, left: IN_PARTS[coding] - used, wide };
}
