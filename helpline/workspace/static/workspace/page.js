// What every page of staff beside the desk does.

import { furnishMenu } from "./menu.js";

furnishMenu();
