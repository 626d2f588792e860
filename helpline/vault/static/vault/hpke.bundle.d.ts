export { publicKeyOf, suite } from "../../bundles/hpke.js";
