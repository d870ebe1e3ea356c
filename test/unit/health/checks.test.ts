/** Each check: what makes it fire, with the severity and the node; and what nearly would, but does not. */
import { describe, it } from "vitest";
import { CHECKS } from "../../../worker/health/checks/all.ts";
import type { HealthFacts } from "../../../worker/health/facts.ts";
import { facts, GIB, MODEL, nodeFacts, type NodeSaid, NOW, PULL, served, times } from "./build-facts.ts";

type Said = Partial<HealthFacts>;

interface Case {
	readonly fires: Said;
	/** `severity node`, one for each finding. */
	readonly told: readonly string[];
	readonly calm: Said | readonly Said[];
}

const node = (said: NodeSaid) => ({ nodes: [nodeFacts(said)] });
const nodes = (...said: NodeSaid[]) => ({ nodes: said.map(nodeFacts) });
const ollama = (said: object) => ({ ...nodeFacts().beat.ollama, ...said });
const memory = (said: object) => ({ ...nodeFacts().beat.memory, ...said });
const failing = (failure: string) => ({ failures: [{ nodeId: "alpha", failure }] });
const load = { ms: 8000, isAnew: false };
const card = {
	gpus: [{ id: "0", name: "GPU", vendor: "nvidia" as const, unified: false, memory_total_bytes: 8 * GIB }],
};
const model = (said: object) => ({ name: MODEL, sizeBytes: 6 * GIB, vramBytes: 6 * GIB, contextTokens: 8192, ...said });
const long = { promptTokens: 4000, estimatedTokens: 20_000, contextTokens: 4096 };
const usual = { speeds: [{ nodeId: "alpha", model: MODEL, usualTokensPerSecond: 50, samples: 100 }] };
const hour = 3_600_000;

const CASES: Record<string, Case> = {
	backend_bypass_clients: { fires: node({ external: { jobs: 2, since: NOW - 90_000 } }), told: ["info alpha"], calm: node({}) },
	battery_low: {
		fires: node({ beat: { battery: { charge_ratio: 0.1, on_battery: true } } }),
		told: ["info alpha"],
		calm: node({ beat: { battery: { charge_ratio: 0.1, on_battery: false } } }),
	},
	breaker_open: {
		fires: nodes(
			{ nodeId: "a", breakers: [{ model: "*", reason: "connect", failures: 3, openUntil: NOW }] },
			{ nodeId: "b", breakers: [{ model: MODEL, reason: "reset", failures: 3, openUntil: NOW }] },
		),
		told: ["critical a", "warning b"],
		// A full queue only pauses it
		calm: node({ breakers: [{ model: MODEL, reason: "busy", failures: 0, openUntil: NOW }] }),
	},
	client_disconnects: {
		fires: { recent: [...times(10), ...times(5, { status: "client_disconnected" })] },
		told: ["warning -"],
		calm: { recent: [...times(100), ...times(5, { status: "client_disconnected" })] },
	},
	clock_skew: { fires: node({ clockSkewMs: -90_000 }), told: ["info alpha"], calm: node({ clockSkewMs: undefined }) },
	connection_failures: {
		fires: { recent: times(2, failing("connect")) },
		told: ["warning alpha"],
		calm: { recent: times(5, failing("server-error")) },
	},
	context_waste: {
		fires: { ...node({ resident: [model({ contextTokens: 131_072 })] }), recent: times(20) },
		told: ["info alpha"],
		calm: { ...node({ resident: [model({ contextTokens: 131_072 })] }), recent: [...times(20), served({ promptTokens: 60_000 })] },
	},
	decode_degraded: {
		fires: { ...usual, recent: times(5, { tokensPerSecond: 20 }) },
		told: ["warning alpha"],
		calm: { ...usual, recent: times(5, { tokensPerSecond: 45 }) },
	},
	digest_mismatch: {
		fires: nodes({ nodeId: "a" }, { nodeId: "b", installed: [{ name: MODEL, sizeBytes: 1, digest: "sha256:bbbb" }] }),
		told: ["warning -"],
		calm: nodes({ nodeId: "a" }, { nodeId: "b" }, { nodeId: "c", installed: [{ name: MODEL, sizeBytes: 1, digest: undefined }] }),
	},
	disk_nearly_full: {
		fires: nodes(
			{ nodeId: "a", beat: { disk: { path: "/", total_bytes: 500 * GIB, available_bytes: 10 * GIB } } },
			{ nodeId: "b", beat: { disk: { path: "/", total_bytes: 500 * GIB, available_bytes: GIB } } },
		),
		told: ["warning a", "critical b"],
		calm: node({ beat: { disk: { path: "/", total_bytes: 60 * GIB, available_bytes: 15 * GIB } } }),
	},
	door_on_public_address: {
		fires: node({ beat: { door_url: "http://203.0.113.9:11436" } }),
		told: ["warning alpha"],
		calm: nodes({ beat: { door_url: "https://gpu.example.com" } }, { beat: { door_url: "http://100.101.2.3:11436" } }),
	},
	door_unreachable: {
		fires: node({ doorReachable: false }),
		told: ["critical alpha"],
		calm: node({ doorReachable: false, status: "offline", left: true }),
	},
	empty_generations: {
		fires: { recent: times(3, { status: "no_output" }) },
		told: ["warning -"],
		calm: { recent: [...times(100), ...times(3, { status: "no_output" })] },
	},
	eviction_churn: {
		fires: { recent: [...times(4, { load, model: "a:1b" }), ...times(4, { load, model: "b:1b" })] },
		told: ["warning alpha"],
		calm: { recent: [...times(8, { load, model: "a:1b" }), ...times(1, { load, model: "b:1b" })] },
	},
	fleet_empty: { fires: { nodes: [] }, told: ["info -"], calm: node({ status: "offline" }) },
	high_error_rate: {
		fires: { recent: [...times(10), ...times(2, { status: "failed" })] },
		told: ["warning alpha"],
		calm: { recent: [...times(100), ...times(2, { status: "failed" }), ...times(20, { status: "failed", at: NOW - 2 * hour })] },
	},
	high_retry_rate: {
		fires: { recent: times(10, failing("busy")) },
		told: ["warning -"],
		calm: { recent: [...times(30), ...times(5, failing("busy"))] },
	},
	incomplete_streams: {
		fires: { recent: times(2, { status: "incomplete" }) },
		told: ["warning alpha"],
		calm: { recent: times(1, { status: "incomplete" }) },
	},
	kv_cache_bloat: {
		fires: node({ beat: { memory: memory({ total_bytes: 24 * GIB }) }, resident: [model({ sizeBytes: 20 * GIB })] }),
		told: ["info alpha"],
		calm: [
			node({ beat: { memory: memory({ total_bytes: 10 * GIB }) }, resident: [model({ sizeBytes: 8 * GIB })] }),
			// There is room for it
			node({ resident: [model({ sizeBytes: 20 * GIB })] }),
		],
	},
	link_flapping: {
		fires: node({ link: { brokenAt: [1, 2, 3, 4, 5].map((minutes) => NOW - minutes * 60_000) } }),
		told: ["warning alpha"],
		calm: node({ link: { brokenAt: [1, 2, 3, 4, 5].map((hours) => NOW - hours * hour) } }),
	},
	mapped_model_missing: { fires: { aliases: { fast: "nobody:1b" } }, told: ["warning -"], calm: { aliases: { fast: MODEL } } },
	memory_pressure: {
		fires: nodes(
			{ nodeId: "a", beat: { memory: memory({ pressure: "warn" }) } },
			{ nodeId: "b", beat: { memory: memory({ pressure: "critical" }) } },
		),
		told: ["warning a", "critical b"],
		calm: node({ beat: { memory: memory({ pressure: "unknown" }) } }),
	},
	model_load_timeout: {
		fires: { recent: times(3, failing("timeout")) },
		told: ["warning alpha"],
		calm: { recent: times(2, failing("timeout")) },
	},
	model_not_installed: {
		fires: { recent: times(3, { status: "rejected", nodeId: "", refusal: "unknown-model", model: "nobody:1b" }) },
		told: ["info -"],
		// It has been pulled since
		calm: { recent: times(3, { status: "rejected", nodeId: "", refusal: "unknown-model" }) },
	},
	model_split_to_cpu: {
		fires: node({ beat: card, resident: [model({ vramBytes: 4 * GIB })] }),
		told: ["warning alpha"],
		calm: nodes({ resident: [model({ vramBytes: 0 })] }, { beat: card, resident: [model({})] }),
	},
	model_thrashing: {
		fires: { recent: times(3, { load }) },
		told: ["warning alpha"],
		calm: { recent: [...times(2, { load }), ...times(5, { load, at: NOW - 2 * hour })] },
	},
	node_degraded: { fires: node({ status: "degraded", lastSeenAt: NOW - 20_000 }), told: ["warning alpha"], calm: node({}) },
	node_flapping: {
		fires: node({ lostAt: [NOW - 3000, NOW - 2000, NOW - 1000] }),
		told: ["warning alpha"],
		calm: node({ lostAt: [NOW - 2 * hour, NOW - 2000, NOW - 1000] }),
	},
	node_offline: {
		fires: nodes(
			{ nodeId: "a", status: "offline", installed: [] },
			{ nodeId: "b", status: "offline", installed: [{ name: "only:1b", sizeBytes: 1, digest: "d" }] },
			{},
		),
		told: ["warning a", "critical b"],
		// Its owner stopped the agent
		calm: node({ status: "offline", left: true }),
	},
	node_unapproved: { fires: node({ status: "pending" }), told: ["info alpha"], calm: node({}) },
	ollama_down: {
		fires: nodes(
			...(["stopped", "crashed", "too-old", "not-installed"] as const).map((state) => ({
				nodeId: state,
				beat: { ollama: ollama({ state }) },
			})),
		),
		told: ["warning stopped", "critical crashed", "warning too-old", "warning not-installed"],
		calm: nodes({ beat: { ollama: ollama({ state: "starting" }) } }, { status: "offline", beat: { ollama: ollama({ state: "stopped" }) } }),
	},
	ollama_unresponsive: { fires: node({ beat: { ollama: ollama({ state: "busy" }) } }), told: ["warning alpha"], calm: node({}) },
	ollama_versions_differ: {
		fires: nodes(
			{ nodeId: "old", beat: { ollama: ollama({ version: "0.9.6" }) } },
			{ nodeId: "new", beat: { ollama: ollama({ version: "0.32.15" }) } },
		),
		told: ["info old"],
		calm: nodes(
			{ nodeId: "a", beat: { ollama: ollama({ version: "0.32.1" }) } },
			{ nodeId: "b", beat: { ollama: ollama({ version: "0.32.15" }) } },
		),
	},
	open_access: {
		fires: { access: { auth: "open", edge: false, allowedHosts: ["herd.example.com"] } },
		told: ["critical -"],
		calm: [
			{ access: { auth: "open", edge: false, allowedHosts: ["nas.local", "192.168.1.5", "nas"] } },
			{ access: { auth: "keys", edge: true, allowedHosts: ["herd.example.com"] } },
		],
	},
	pin_cannot_fit: {
		fires: {
			pins: [
				{ nodeId: "alpha", model: MODEL, problem: "too large" },
				{ nodeId: "", model: "b:1b", problem: "nowhere" },
			],
		},
		told: ["warning alpha", "warning -"],
		calm: {},
	},
	probe_failing: {
		fires: node({ beat: { failed_probes: [{ probe: "gpu", reason: "no nvidia-smi" }] } }),
		told: ["info alpha"],
		calm: node({ status: "offline", left: true, beat: { failed_probes: [{ probe: "gpu", reason: "no nvidia-smi" }] } }),
	},
	pull_failed: {
		fires: { pulls: [{ ...PULL, status: "failed", error: "no route to host" }] },
		told: ["warning alpha"],
		calm: { pulls: [{ ...PULL, status: "pulling manifest" }] },
	},
	queue_saturated: {
		fires: { queue: { waiting: 900, mostWaiting: 1000, longestWaitMs: 5000, longestWaitModel: MODEL } },
		told: ["critical -"],
		calm: { queue: { waiting: 30, mostWaiting: 1000, longestWaitMs: 20_000, longestWaitModel: MODEL } },
	},
	reload_by_option: {
		fires: { recent: times(3, { load: { ms: 4000, isAnew: true } }) },
		told: ["warning alpha"],
		calm: { recent: times(2, { load: { ms: 4000, isAnew: true } }) },
	},
	requests_refused: {
		fires: { recent: [served({ status: "rejected", refusal: "queue-full" }), served({ status: "rejected", refusal: "no-node" })] },
		told: ["warning -", "warning -"],
		calm: { recent: times(5, { status: "rejected", refusal: "missing request body" }) },
	},
	silent_truncation: {
		fires: { recent: [served(long)] },
		told: ["warning -"],
		calm: { recent: [served({ ...long, estimatedTokens: 5000 }), served({ finishReason: "length" })] },
	},
	thermal_throttling: {
		fires: node({ beat: { thermal: { state: "critical", temperature_celsius: 104 } } }),
		told: ["critical alpha"],
		calm: node({ beat: { thermal: { state: "unknown" } } }),
	},
	trace_store_write_failures: {
		fires: { records: { refused: true, dropped: 0 } },
		told: ["warning -"],
		calm: { records: { refused: false, dropped: 5 } },
	},
	version_mismatch: { fires: node({ beat: { agent_version: "0.0.9" } }), told: ["warning alpha"], calm: node({}) },
	vram_fallback_active: {
		fires: { recent: [...times(7), ...times(3, { because: "vram_fallback", askedFor: "big:70b" })] },
		told: ["warning -"],
		calm: { recent: [...times(7), ...times(5, { because: "larger context" })] },
	},
	zombie_reaper_active: {
		fires: node({ stalledAt: [NOW - 1000] }),
		told: ["warning alpha"],
		calm: node({ stalledAt: [NOW - 2 * hour] }),
	},
};

const byId = new Map(CHECKS.map((check) => [check.id, check]));

describe("the table", () => {
	it("has each check once, and here a case for each", ({ expect }) => {
		expect([...byId.keys()].toSorted()).toEqual(Object.keys(CASES).toSorted());
		expect(byId.size).toBe(CHECKS.length);
	});

	it("finds nothing wrong with a fleet that is well", ({ expect }) => {
		const well = facts({ recent: times(50), ...usual });
		expect(CHECKS.flatMap((check) => check.find(well))).toEqual([]);
	});
});

describe.for(Object.entries(CASES))("%s", ([id, { fires, told, calm }]) => {
	const find = (said: Said) => byId.get(id)?.find(facts(said)) ?? [];

	it("fires, with evidence and what to do", ({ expect }) => {
		const findings = find(fires);
		expect(findings.map(({ severity, nodeId = "-" }) => `${severity} ${nodeId}`)).toEqual(told);
		for (const { title, description, fix } of findings) {
			for (const text of [title, description, fix]) expect(text).not.toMatch(/undefined|NaN|Infinity|\[object|^$/);
		}
	});

	it("does not fire for less", ({ expect }) => {
		for (const said of [calm].flat()) expect(find(said)).toEqual([]);
	});
});
