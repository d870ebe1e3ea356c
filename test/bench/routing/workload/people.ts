/** Chats, agents and home automation, as the routing study draws them (section 4). */
import { type ModelSpec, LLAMA_3B } from "../catalogue/models.ts";
import { clamp, type Draws } from "../draws.ts";
import type { Session, Turn } from "./session.ts";

interface Drawn {
	readonly id: string;
	readonly startAt: number;
	readonly key: string;
	readonly model: ModelSpec;
}

export function chatSession(draws: Draws, drawn: Drawn): Session {
	const systemTokens = 200;
	const count = Math.min(20, 1 + Math.floor(draws.exponential(4)));
	const question = () => clamp(draws.lognormal(80, 0.9), 10, 3000);
	const turns: Turn[] = [];
	let history = systemTokens;
	for (let index = 0; index < count; index++) {
		const promptTokens = Math.round(history + question());
		const outputTokens = Math.round(clamp(draws.lognormal(220, 0.8), 8, 2000));
		const thinkS = index === 0 ? 0 : draws.lognormal(25, 0.8);
		if (promptTokens + outputTokens > drawn.model.contextTokens) break;
		turns.push({ promptTokens, outputTokens, thinkS });
		history = promptTokens + outputTokens;
	}
	return { ...drawn, app: "chat", requestClass: "interactive", turns, system: { name: "chat", tokens: systemTokens } };
}

export interface AgentKind {
	readonly firstTokens: readonly [number, number];
	readonly capTokens: number;
}

export const LONG_AGENT: AgentKind = { firstTokens: [2000, 10_000], capTokens: 60_000 };
export const SHORT_AGENT: AgentKind = { firstTokens: [2000, 6000], capTokens: 30_000 };

export function agentSession(draws: Draws, drawn: Drawn, { firstTokens, capTokens }: AgentKind): Session {
	const systemTokens = 6000;
	const steps = draws.integer(8, 30);
	const turns: Turn[] = [];
	let promptTokens = Math.round(systemTokens + draws.uniform(...firstTokens));
	for (let index = 0; index < steps; index++) {
		const outputTokens = Math.round(clamp(draws.lognormal(120, 0.9), 10, 1500));
		if (promptTokens + outputTokens > Math.min(capTokens, drawn.model.contextTokens)) break;
		turns.push({ promptTokens, outputTokens, thinkS: index === 0 ? 0 : draws.uniform(1, 8) });
		promptTokens = Math.round(promptTokens + outputTokens + clamp(draws.lognormal(900, 0.9), 50, 8000));
	}
	return { ...drawn, app: "agent", requestClass: "interactive", turns, system: { name: "agent", tokens: systemTokens } };
}

export function homeSession(draws: Draws, { id, startAt }: Pick<Drawn, "id" | "startAt">): Session {
	const promptTokens = Math.round(1000 + draws.uniform(20, 200));
	const outputTokens = Math.max(1, Math.round(draws.lognormal(25, 0.5)));
	const turns = [{ promptTokens, outputTokens, thinkS: 0 }];
	return {
		id,
		startAt,
		key: "home",
		model: LLAMA_3B,
		app: "home",
		requestClass: "interactive",
		turns,
		system: { name: "home", tokens: 1000 },
	};
}
