/** The line that never leaves. Pure. */
import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";
import { counted } from "../format.ts";

/** `4 of 5 machines`, `9 models ready`, `3 running`, `1 waiting`, and who asks to join. */
export function summaryWords({ fleet, nodes }: FleetSnapshot): string[] {
	const joined = nodes.filter((node) => node.status !== "pending");
	const asking = nodes.length - joined.length;
	const words = [
		`${fleet.nodes_online} of ${counted(joined.length, "machine")}`,
		`${counted(fleet.models_loaded, "model")} ready`,
		`${fleet.requests_active} running`,
		`${fleet.requests_waiting} waiting`,
	];
	return asking > 0 ? [...words, `${asking} ${asking === 1 ? "asks" : "ask"} to join`] : words;
}

/** For the browser's tab: what runs, then where one is, then the name. */
export function titleWords(snapshot: FleetSnapshot | undefined, place = ""): string {
	if (!snapshot) return "herd";
	const { fleet } = snapshot;
	const parts = [];
	if (fleet.requests_active > 0) parts.push(`${fleet.requests_active} running`);
	if (fleet.requests_waiting > 0) parts.push(`${fleet.requests_waiting} waiting`);
	return [...(parts.length > 0 ? [parts.join(", ")] : []), ...(place === "" ? [] : [place]), "herd"].join(" · ");
}
