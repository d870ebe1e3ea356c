import { launchd } from "./launchd.ts";
import type { ServiceSystem } from "./plan.ts";
import { scheduledTask } from "./scheduled-task.ts";
import { systemd } from "./systemd.ts";

/** What starts programs with the machine, by the name that Node has for the system. */
export const SERVICE_SYSTEMS: Partial<Record<NodeJS.Platform, ServiceSystem>> = { darwin: launchd, linux: systemd, win32: scheduledTask };
