// What of the npm packages goes into static/vault/hpke.bundle.js: one suite, and its key generation.
import { KEM_MLKEM768_X25519 } from "@panva/hpke-noble";
import { MLKEM768X25519 } from "@noble/post-quantum/hybrid.js";
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256 } from "hpke";

// HKDF and AES-GCM are the browser's own (WebCrypto); only the post-quantum part is JavaScript.
export const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

/**
 * @param {Uint8Array} seed 32 bytes
 * @returns {Uint8Array} the public key, 1216 bytes
 */
export function publicKeyOf(seed) {
  return MLKEM768X25519.keygen(seed).publicKey;
}
