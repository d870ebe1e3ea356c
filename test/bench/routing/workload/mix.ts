/** A household's, a GPU server's or a large fleet's mix of sessions. */
import { GPT_OSS, LLAMA_8B, type ModelSpec, QWEN_7B } from "../catalogue/models.ts";
import { Draws } from "../draws.ts";
import { arrivalTimes } from "./arrivals.ts";
import { embeddings, summaries } from "./batches.ts";
import { agentSession, chatSession, homeSession, LONG_AGENT, SHORT_AGENT } from "./people.ts";
import type { Session } from "./session.ts";

export interface Mix {
	/** What all rates and counts are multiplied with. */
	readonly multiplier: number;
	readonly untilS: number;
	readonly bursts?: boolean;
	/** By popularity. */
	readonly chatModels: readonly (readonly [ModelSpec, number])[];
	readonly chatsPerHour: number;
	readonly users: number;
	readonly agentsPerHour: number;
	/** Model, weight and keys of each kind of agent. */
	readonly agents: readonly AgentShare[];
	readonly homePerHour: number;
	readonly summaries: number;
	readonly embeddings: number;
	readonly summaryModel?: ModelSpec;
}

export interface AgentShare {
	readonly model: ModelSpec;
	readonly weight: number;
	readonly keys: readonly string[];
	readonly isLong: boolean;
}

export const HOME_AGENTS: readonly AgentShare[] = agentsOn(QWEN_7B);
export const GPU_AGENTS: readonly AgentShare[] = agentsOn(LLAMA_8B);

function agentsOn(second: ModelSpec): AgentShare[] {
	return [
		{ model: GPT_OSS, weight: 0.7, keys: ["agent0", "agent1"], isLong: true },
		{ model: second, weight: 0.3, keys: ["agent2"], isLong: false },
	];
}

export function mixedSessions(seed: number, mix: Mix): Session[] {
	const draws = new Draws(seed);
	const { multiplier, untilS, bursts = false } = mix;
	const times = (perHour: number) => (perHour > 0 ? arrivalTimes(draws, { perHour: perHour * multiplier, untilS, bursts }) : []);
	const chats = times(mix.chatsPerHour).map((startAt, index) =>
		chatSession(draws, {
			id: `chat-${index}`,
			startAt,
			key: `user${draws.integer(0, mix.users - 1)}`,
			model: draws.weighted(mix.chatModels),
		}),
	);
	const agents = times(mix.agentsPerHour).map((startAt, index) => {
		const { model, keys, isLong } = draws.weighted(mix.agents.map((share) => [share, share.weight] as const));
		const key = keys[draws.integer(0, keys.length - 1)] ?? "agent";
		return agentSession(draws, { id: `agent-${index}`, startAt, key, model }, isLong ? LONG_AGENT : SHORT_AGENT);
	});
	const home = times(mix.homePerHour).map((startAt, index) => homeSession(draws, { id: `home-${index}`, startAt }));
	const batch = [
		...summaries(draws, Math.round(mix.summaries * multiplier), 0.4 * untilS, mix.summaryModel),
		...embeddings(draws, Math.round(mix.embeddings * multiplier), 0.55 * untilS),
	];
	return [...chats, ...agents, ...home, ...batch].filter(({ turns }) => turns.length > 0);
}
