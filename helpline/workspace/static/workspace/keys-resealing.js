// After a lost passphrase: what was somebody's own is sealed to their new key, from the supervisors' grant, and nothing else.

import { CannotOpen } from "../vault/sealing.js";
import { post, untilAnswered } from "./api.js";

/** @typedef {import("./keyring.js").Keyring} Keyring */
/** @typedef {import("./keys.js").Unsealed} Unsealed */

/**
 * Throws NotVouched before two supervisors have signed the new key.
 *
 * @param {Keyring} keyring
 * @param {Unsealed} unsealed
 * @returns {Promise<boolean>} false when the supervisors' key is not here to open
 */
export async function reseal(keyring, { code, counsellor }) {
  await keyring.vouching.require(counsellor);
  const { line, supervisor_grant: sealed } = await untilAnswered(() => post(`/c/${code}/key`));
  if (!sealed) return false;
  try {
    const seed = await keyring.openShared(line, "supervisor", code, sealed);
    const grant = await keyring.sealFor(code, seed, counsellor);
    await untilAnswered(() => post(`/c/${code}/reseal`, { grant }));
    return true;
  } catch (error) {
    if (error instanceof CannotOpen) return false;
    throw error;
  }
}
