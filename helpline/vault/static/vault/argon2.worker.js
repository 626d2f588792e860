// Argon2id beside the page: it takes seconds on an old phone, and quick exit must answer meanwhile.

import { argon2id } from "./argon2.bundle.js";

/** @typedef {{ secret: Uint8Array, salt: Uint8Array, memoryKib: number }} Work */

addEventListener("message", async (/** @type {MessageEvent<Work>} */ { data }) => {
  const { secret, salt, memoryKib } = data;
  const parameters = { iterations: 3, parallelism: 1, hashLength: 32, memorySize: memoryKib };
  postMessage(await argon2id({ password: secret, salt, ...parameters, outputType: "binary" }));
});
