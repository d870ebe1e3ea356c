import type { Finding } from "../../agent/src/doctor/finding.ts";
import type { Launch } from "../launcher-settings.ts";
import { dataFolder, disk, secrets } from "./folder-checks.ts";
import { port } from "./port-check.ts";
import { settings } from "./settings-check.ts";
import { traces } from "./traces-check.ts";

/** One thing to look at; it changes nothing, and never rejects for what it looks at. */
export type RouterCheck = (launch: Launch) => Finding[] | Promise<Finding[]>;

/** In the order of the lines. */
const CHECKS: readonly RouterCheck[] = [settings, port, dataFolder, secrets, traces, disk];

export async function examineRouter(launch: Launch): Promise<Finding[]> {
	return (await Promise.all(CHECKS.map((check) => check(launch)))).flat();
}
