/** The agent in front of a living Ollama dies, freezes, or meets another of its name. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startAgentProcess } from "../../../journeys/agent-process.ts";
import { until } from "../../../journeys/until.ts";
import type { Fault, Stage } from "../fault.ts";

/** More than the pause between two, less than what counts as silence. */
const MISSED_A_BEAT_MS = 5_300;
/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9";

export async function isOffline({ home, target }: Stage): Promise<void> {
	await until(`${target.nodeId} is offline`, async () => {
		const { nodes } = await home.status();
		return nodes.some(({ node_id, status }) => node_id === target.nodeId && status === "offline");
	});
}

const killed: Fault = {
	name: "agent killed",
	async inject({ target, traffic, own }) {
		const ask = own({ tokens: 200, stream: true });
		void traffic.send(ask);
		await traffic.hears(ask.tag, target.nodeId);
		await target.killAgent();
	},
	heal: async ({ target }) => target.startAgent(),
};

const frozen: Fault = {
	name: "agent frozen and woken",
	isLong: true,
	async inject({ target, traffic, own }) {
		void traffic.send(own({ words: 250 }));
		process.kill(target.agentPid, "SIGSTOP");
	},
	holds: isOffline,
	heal: async ({ target }) => void process.kill(target.agentPid, "SIGCONT"),
};

/** Too short to be noticed as silence: everything just comes late. */
const dozing: Fault = {
	name: "agent frozen for a moment",
	harmless: true,
	async inject({ home, target, traffic, own }) {
		const ask = own({ tokens: 40, stream: true });
		void traffic.send(ask);
		await traffic.hears(ask.tag, target.nodeId);
		process.kill(target.agentPid, "SIGSTOP");
		await until(`${target.nodeId} has missed a beat`, async () => {
			const node = (await home.status()).nodes.find(({ node_id }) => node_id === target.nodeId);
			return node !== undefined && node.last_seen_ago_ms > MISSED_A_BEAT_MS;
		});
		process.kill(target.agentPid, "SIGCONT");
	},
	heal: async ({ target }) => void process.kill(target.agentPid, "SIGCONT"),
};

/** The second one must be refused, and the first go on as if nothing were. */
const namesake: Fault = {
	name: "two agents with one name",
	harmless: true,
	async inject({ home, target, complain }) {
		const dataDir = join(home.folder, "machines", `namesake-of-${target.nodeId}`);
		const second = startAgentProcess(home, { ...target.agentFacts(), advertise: NOWHERE, dataDir });
		const log = join(dataDir, "logs", "herd-node.jsonl");
		const isRefused = () => readFileSync(log, "utf8").includes("The router refuses this machine");
		await until("the second is refused", isRefused).catch(() => complain("the second agent was let in"));
		await second.kill();
	},
	heal: async () => undefined,
};

export const agentFails = [killed, dozing, namesake, frozen];
