/** Why a model is not pinned, in words. Pure. */
import { REASON_TEXT } from "../../routing/eligibility.ts";
import { nearestNames } from "../../routing/names.ts";
import type { FleetState } from "../state.ts";
import { installedNames } from "../targets.ts";
import { refusalText } from "./admission.ts";
import type { PinPlace } from "./choose-pin-node.ts";

/** A machine is usually back within seconds. */
const RETRY_AFTER_SECONDS = 5;
const WAYS_OUT = 'Unpin a model there, name another node_id, or send "force": true to pin it all the same';

export interface PinRefusal {
	readonly kind: "refused";
	readonly status: 400 | 404 | 409 | 503;
	readonly message: string;
	readonly retryAfterSeconds?: number;
}

export function refusalOf(
	place: Exclude<PinPlace, { kind: "place" }>,
	{ model, nodeId }: { model: string; nodeId: string },
	state: FleetState,
): PinRefusal {
	switch (place.kind) {
		case "unknown-node":
			return refuse(400, `no node named "${nodeId}" is in the fleet: ${listed(place.known, "there are", "no machine has joined yet")}`);
		case "missing":
			return refuse(404, missingText(model, nodeId, place.holders, state));
		case "blocked": {
			const reasons = Object.entries(place.reasons).map(
				([id, against]) => `${id} ${against.map((reason) => REASON_TEXT[reason]).join(" and ")}`,
			);
			return {
				...refuse(503, `no node that has model '${model}' can load it now: ${reasons.join("; ")}`),
				retryAfterSeconds: RETRY_AFTER_SECONDS,
			};
		}
		case "too-much":
			return refuse(409, `${place.budgets.map(refusalText).join("; ")}. ${WAYS_OUT}`);
	}
}

function missingText(model: string, nodeId: string, holders: readonly string[], state: FleetState): string {
	if (holders.length > 0)
		return `model '${model}' is not on the disk of node "${nodeId}", but on ${holders.join(", ")}: pin it there, or pull it first`;
	const nearest = nearestNames(model, installedNames(state));
	return `model '${model}' is not installed on any node: ${listed(nearest, "installed and near:", "pull it first")}`;
}

function listed(names: readonly string[], before: string, otherwise: string): string {
	return names.length > 0 ? `${before} ${names.join(", ")}` : otherwise;
}

function refuse(status: PinRefusal["status"], message: string): PinRefusal {
	return { kind: "refused", status, message };
}
