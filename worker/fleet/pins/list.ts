/** The pins as they are told. Pure. */
import type { PinList } from "../../protocol/pins.ts";
import { canonicalName } from "../../routing/names.ts";
import type { Settings } from "../../settings.ts";
import type { FleetState } from "../state.ts";
import type { PinKeeper } from "./keeper.ts";
import { namesByNode, nodesWith } from "./pins.ts";

type Listed = Pick<PinKeeper, "all" | "asked" | "problem">;

export function listPins(state: FleetState, keeper: Listed, settings: Settings): PinList {
	const { all, asked } = keeper;
	const names = settings.FLEET_PINNED_MODELS;
	const pins = [...all].flatMap(([nodeId, models]) => [...models].map((model) => pinOf(state, keeper, { nodeId, model })));
	return {
		env_pins: [...names],
		per_node: namesByNode(asked, state),
		max_count: settings.FLEET_MODEL_PRELOAD_MAX_COUNT,
		pins: pins.toSorted((a, b) => a.node_id.localeCompare(b.node_id) || a.model.localeCompare(b.model)),
		unplaced: names.filter((name) => nodesWith(all, canonicalName(name)).length === 0),
	};
}

function pinOf({ nodes }: FleetState, keeper: Listed, { nodeId, model }: { nodeId: string; model: string }): PinList["pins"][number] {
	const node = nodes.get(nodeId);
	const why = keeper.problem(nodeId, model);
	return {
		node_id: nodeId,
		model: node?.installed.get(model)?.name ?? model,
		by: keeper.asked.get(nodeId)?.has(model) ? "request" : "environment",
		resident: node?.resident.has(model) ?? false,
		...(why !== undefined && { problem: why }),
	};
}
