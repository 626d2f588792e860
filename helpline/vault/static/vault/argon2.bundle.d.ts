export { argon2id } from "../../bundles/argon2.js";
