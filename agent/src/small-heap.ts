/**
 * Keeps the agent small: it passes bytes on, so its heap needs speed less than room.
 * Imported first, since a flag moves nothing that was allocated before. The figures are in docs/decisions/0019.
 */
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--optimize-for-size");
setFlagsFromString("--max-semi-space-size=1");
