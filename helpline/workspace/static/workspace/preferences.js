// Two choices of the person at the desk, kept for this tab through reloads. Nothing else is ever kept.

const NAME = "desk";

/** @type {{ sound: boolean, enterSends: boolean }} */
export const preferences = { sound: true, enterSends: true, ...recalled() };

export function keepPreferences() {
  sessionStorage.setItem(NAME, JSON.stringify(preferences));
}

/** @returns {object} */
function recalled() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? "{}");
  } catch {
    return {};
  }
}
