/** How short of memory a machine is; pure. */
import type { MachineReport } from "../machine-report.ts";

export type Pressure = MachineReport["memory"]["pressure"];

/** Share of time in which tasks waited for memory: `some` one of them, `full` all of them. */
export interface Stall {
	someRatio: number;
	fullRatio: number;
}

/** A tenth of the time with all work standing still: the machine thrashes. */
const CRITICAL_FULL_RATIO = 0.1;
const WARN_SOME_RATIO = 0.1;
/** The last free memory before the kernel kills something, whatever stalls say. */
const CRITICAL_AVAILABLE_RATIO = 0.02;
const WARN_AVAILABLE_RATIO = 0.05;
/** Without knowledge of stalls, bytes decide, and earlier. */
const BLIND_CRITICAL_AVAILABLE_RATIO = 0.05;
const BLIND_WARN_AVAILABLE_RATIO = 0.15;

export function pressureOf(availableRatio: number, stall: Stall | undefined): Pressure {
	if (stall === undefined) return byBytes(availableRatio, BLIND_CRITICAL_AVAILABLE_RATIO, BLIND_WARN_AVAILABLE_RATIO);
	if (stall.fullRatio >= CRITICAL_FULL_RATIO) return "critical";
	const pressure = byBytes(availableRatio, CRITICAL_AVAILABLE_RATIO, WARN_AVAILABLE_RATIO);
	return pressure === "normal" && stall.someRatio >= WARN_SOME_RATIO ? "warn" : pressure;
}

function byBytes(availableRatio: number, critical: number, warn: number): Pressure {
	if (availableRatio <= critical) return "critical";
	return availableRatio <= warn ? "warn" : "normal";
}

/** The kernel's pressure file: `some avg10=1.20 avg60=…`, in percent. */
export function parseStall(text: string): Stall | undefined {
	const some = /^some avg10=([\d.]+)/m.exec(text)?.[1];
	const full = /^full avg10=([\d.]+)/m.exec(text)?.[1];
	if (some === undefined || full === undefined) return undefined;
	return { someRatio: Number(some) / 100, fullRatio: Number(full) / 100 };
}
