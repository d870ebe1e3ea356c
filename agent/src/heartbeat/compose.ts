import { PROTOCOL_VERSION } from "../../../worker/protocol/heartbeat.ts";
import type { CapacityReport } from "../../../worker/protocol/capacity.ts";
import type { HeartbeatInput, OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import type { MachineReport } from "../machine-report.ts";
import type { Quiet } from "../door/quiet.ts";
import { AGENT_VERSION } from "../version.ts";

export interface BeatParts {
	nodeId: string;
	machineId: string;
	sentAt: number;
	doorUrl: string | undefined;
	draining: boolean;
	inFlight: string[];
	atWork: string[];
	quiet: Quiet[];
	externalJobs: number | undefined;
	capacity: CapacityReport | undefined;
	machine: MachineReport;
	/** Why the machine's probes as a whole gave nothing this time. */
	machineFailure: string | undefined;
	ollama: OllamaReport;
	withModels: boolean;
}

/** Puts a beat together; pure. */
export function composeBeat(parts: BeatParts): HeartbeatInput {
	const { models_available: models, ...ollama } = parts.ollama;
	return {
		protocol: PROTOCOL_VERSION,
		node_id: parts.nodeId,
		machine_id: parts.machineId,
		agent_version: AGENT_VERSION,
		sent_at: parts.sentAt,
		...(parts.doorUrl === undefined ? {} : { door_url: parts.doorUrl }),
		draining: parts.draining,
		...parts.machine,
		failed_probes: [...(parts.machine.failed_probes ?? []), ...failureOf(parts.machineFailure)],
		ollama: { ...ollama, ...(parts.withModels && models !== undefined ? { models_available: models } : {}) },
		in_flight: parts.inFlight,
		at_work: parts.atWork,
		...(parts.quiet.length > 0 && { quiet: parts.quiet }),
		...(parts.externalJobs === undefined ? {} : { external_jobs: parts.externalJobs }),
		...(parts.capacity && { capacity: parts.capacity }),
	};
}

function failureOf(reason: string | undefined): { probe: string; reason: string }[] {
	return reason === undefined ? [] : [{ probe: "machine", reason }];
}
