/** One machine of a campaign: a simulated Ollama, a real agent as a process, and the cables between it and the router. */
import { type SimulatedOllama, startSimulatedOllama } from "../../../agent/src/simulate/server.ts";
import { type AgentProcess, startAgentProcess } from "../../journeys/agent-process.ts";
import { freePort } from "../../journeys/free-port.ts";
import type { Ended } from "../../journeys/household.ts";
import { Wire } from "./wire.ts";

/** Fast enough for thousands of answers, slow enough to be caught in each phase. */
const TIME_SCALE = 4;
const NUM_PARALLEL = 2;
/** On every machine. */
export const SHARED_MODELS = ["tiny", "slow"] as const;

export interface MachineFacts {
	readonly nodeId: string;
	/** A model that no other machine has. */
	readonly ownModel: string;
	readonly router: { readonly port: number; readonly folder: string; readonly token: string };
}

export class CampaignMachine implements Ended {
	readonly facts: MachineFacts;
	/** What the router sends to the door goes through the first, what the agent sends to the router through the second. */
	readonly doorWire: Wire;
	readonly routerWire: Wire;
	readonly #doorPort: number;
	#simulated: SimulatedOllama;
	#agent: AgentProcess | undefined;
	#ollamaRuns = true;

	private constructor(facts: MachineFacts, parts: { doorWire: Wire; routerWire: Wire; doorPort: number; simulated: SimulatedOllama }) {
		this.facts = facts;
		this.doorWire = parts.doorWire;
		this.routerWire = parts.routerWire;
		this.#doorPort = parts.doorPort;
		this.#simulated = parts.simulated;
		this.startAgent();
	}

	static async start(facts: MachineFacts): Promise<CampaignMachine> {
		const doorPort = await freePort();
		const [doorWire, routerWire] = await Promise.all([Wire.open(() => doorPort), Wire.open(() => facts.router.port)]);
		return new CampaignMachine(facts, { doorWire, routerWire, doorPort, simulated: await simulate(facts, 0) });
	}

	get nodeId(): string {
		return this.facts.nodeId;
	}

	get ollama(): SimulatedOllama {
		return this.#simulated;
	}

	get agentPid(): number {
		return this.#agent?.pid ?? 0;
	}

	/** A second agent under this one's name is started with the same facts. */
	agentFacts() {
		const { nodeId, router } = this.facts;
		return { nodeId, ollamaUrl: this.#simulated.url, token: router.token, numParallel: NUM_PARALLEL, advertise: this.doorWire.url };
	}

	startAgent(): void {
		const home = { url: this.routerWire.url, folder: this.facts.router.folder };
		this.#agent ??= startAgentProcess(home, { ...this.agentFacts(), port: this.#doorPort });
	}

	async killAgent(): Promise<void> {
		await this.#agent?.kill();
		this.#agent = undefined;
	}

	async killOllama(): Promise<void> {
		if (this.#ollamaRuns) await this.#simulated.stop();
		this.#ollamaRuns = false;
	}

	/** With nothing in memory and without faults. */
	async startOllama(): Promise<void> {
		if (!this.#ollamaRuns) this.#simulated = await simulate(this.facts, this.#simulated.port);
		this.#ollamaRuns = true;
	}

	/** As a power cut: everything on it at once. */
	async powerOff(): Promise<void> {
		await Promise.all([this.killAgent(), this.killOllama()]);
	}

	async powerOn(): Promise<void> {
		await this.startOllama();
		this.startAgent();
	}

	/** Takes its own model out of memory. */
	async unloadOwnModel(): Promise<void> {
		const body = JSON.stringify({ model: this.facts.ownModel, keep_alive: 0 });
		await (await fetch(`${this.#simulated.url}/api/generate`, { method: "POST", body })).text();
	}

	async stop(): Promise<void> {
		if (this.agentPid > 0) process.kill(this.agentPid, "SIGCONT");
		await this.powerOff();
		await Promise.all([this.doorWire.stop(), this.routerWire.stop()]);
	}
}

function simulate({ nodeId, ownModel }: MachineFacts, port: number): Promise<SimulatedOllama> {
	const models = [...SHARED_MODELS, ownModel];
	const pace = { timeScale: TIME_SCALE, numParallel: NUM_PARALLEL };
	return startSimulatedOllama({ profile: "golden", port, models, resident: port === 0 ? models : [], mark: nodeId, ...pace });
}
