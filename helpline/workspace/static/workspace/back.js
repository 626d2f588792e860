// Where the organisation's own sign-in sends the browser back to. From here on it is a way within our own site, so that
// our cookies go along; what was given stands behind the #, which no server is sent.

import { MARK } from "./provider.js";

location.replace(`/#${MARK}${location.search.slice(1)}`);
