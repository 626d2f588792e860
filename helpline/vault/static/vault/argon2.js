// Argon2id in a worker of its own, which ends with the work and frees its memory.

/** @typedef {import("./codes.js").Bytes} Bytes */

/**
 * @param {Bytes} secret
 * @param {Bytes} salt 16 bytes
 * @param {number} memoryKib
 * @returns {Promise<Bytes>} 32 bytes; t=3, p=1 (docs/sealing.md)
 */
export async function argon2(secret, salt, memoryKib) {
  const worker = new Worker(new URL("./argon2.worker.js", import.meta.url), { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }) => resolve(data));
      worker.addEventListener("error", () => reject(new Error("Argon2 did not run")));
      worker.postMessage({ secret, salt, memoryKib });
    });
  } finally {
    worker.terminate();
  }
}
