/** Where things are in this repository. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const WORKER_BUNDLE = join(ROOT, "dist", "worker", "index.js");
/** Everything served as a static asset. */
export const PUBLIC = join(ROOT, "dist", "public");
