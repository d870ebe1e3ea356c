import { existsSync } from "node:fs";
import { dirname } from "node:path";

/** The folder itself, or the one above it that is there already: what decides whether it can be made. */
export function nearestFolder(path: string): string {
	return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}
