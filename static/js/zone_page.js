// The page of a project's zone.

import { startZone } from "./zone.js";

startZone(document);
