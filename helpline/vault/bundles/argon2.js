// What of the npm package goes into static/vault/argon2.bundle.js.
export { argon2id } from "hash-wasm";
