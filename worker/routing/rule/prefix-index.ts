/** Which beginnings of prompts the nodes have in their caches, as far as the router sent them there. In memory only. */
import type { RequestClass } from "../../protocol/inference.ts";
import type { PrefixMark } from "../../protocol/inference.ts";

/** A prompt and its answer, as a runner remembers it. */
export interface Conversation {
	readonly marks: readonly PrefixMark[];
	readonly answerTokens: number;
	/** With the answer. */
	readonly tokens: number;
	/** Epoch milliseconds at which it ended. */
	readonly endedAt: number;
	readonly turns: number;
	readonly requestClass: RequestClass;
}

export interface Finished {
	readonly nodeId: string;
	readonly model: string;
	readonly marks: readonly PrefixMark[];
	readonly promptTokens: number;
	readonly answerTokens: number;
	readonly requestClass: RequestClass;
	readonly now: number;
	/** How much the runner remembers (`rememberedTokens`). */
	readonly capacityTokens: number;
}

/** More than `keep` looks at; old ones are mostly gone from the node as well. */
const CONVERSATIONS_KEPT = 40;
/** What llama-server keeps of prompts beside its places, since Ollama 0.30 (reference/ollama-api.md 4.7). */
const PROMPT_CACHE_BYTES = 8192 * 1024 ** 2;

/** Before 0.30 only the last prompt of a place survives (golden/BEHAVIOUR.md f): 0 tokens beside it. */
export function rememberedTokens(ollamaVersion: string | undefined, kvBytesPerToken: number): number {
	const [major = 0, minor = 0] = (ollamaVersion ?? "").split(".").map(Number);
	const isOld = ollamaVersion !== undefined && major === 0 && minor > 0 && minor < 30;
	return isOld ? 0 : PROMPT_CACHE_BYTES / Math.max(1, kvBytesPerToken);
}

export class PrefixIndex {
	/** By model, then node id; the latest last. */
	readonly #conversations = new Map<string, Map<string, Conversation[]>>();
	/** By model and hash, then node id: how many conversations there go through it. */
	readonly #holders = new Map<string, Map<string, number>>();

	/** Tokens of this prompt that each node has read before; nodes that know none are not in it. */
	known(model: string, marks: readonly PrefixMark[]): Map<string, number> {
		const known = new Map<string, number>();
		for (const mark of marks.toReversed()) {
			for (const nodeId of this.#holders.get(holderKey(model, mark.hash))?.keys() ?? []) {
				if (!known.has(nodeId)) known.set(nodeId, mark.tokens + this.#answerAfter(model, nodeId, mark, marks));
			}
		}
		return known;
	}

	remember(finished: Finished): void {
		const { nodeId, model, marks, promptTokens, answerTokens, requestClass, now, capacityTokens } = finished;
		if (marks.length === 0) return;
		const list = this.#open(model, nodeId);
		const before = list.findLastIndex((conversation) => marks.some(({ hash }) => hash === lastHash(conversation)));
		const [earlier] = before === -1 ? [] : this.#drop(list, before, { model, nodeId });
		const turns = (earlier?.turns ?? 0) + 1;
		list.push({ marks, answerTokens, tokens: promptTokens + answerTokens, endedAt: now, turns, requestClass });
		for (const { hash } of marks) this.#count({ model, nodeId, hash }, 1);
		while (list.length > 1 && (list.length > CONVERSATIONS_KEPT || totalTokens(list) > capacityTokens))
			this.#drop(list, 0, { model, nodeId });
	}

	/** An answer showed that the node had forgotten this prompt's beginning: what it read before that is gone as well. */
	missed(nodeId: string, model: string, marks: readonly PrefixMark[]): void {
		const list = this.#conversations.get(model)?.get(nodeId) ?? [];
		const hashes = new Set(marks.map(({ hash }) => hash));
		const last = list.findLastIndex((conversation) => conversation.marks.some(({ hash }) => hashes.has(hash)));
		for (let left = last; left >= 0; left--) this.#drop(list, 0, { model, nodeId });
	}

	/** The model left the node's memory, or was loaded anew. */
	forget(nodeId: string, model: string): void {
		const list = this.#conversations.get(model)?.get(nodeId) ?? [];
		while (list.length > 0) this.#drop(list, 0, { model, nodeId });
		this.#conversations.get(model)?.delete(nodeId);
	}

	forgetNode(nodeId: string): void {
		for (const model of this.#conversations.keys()) this.forget(nodeId, model);
	}

	/** Those the node remembers for the model, the latest last. */
	conversations(nodeId: string, model: string): readonly Conversation[] {
		return this.#conversations.get(model)?.get(nodeId) ?? [];
	}

	/** A prompt that goes on after an earlier one carries that one's answer, which the node has in its cache too. */
	#answerAfter(model: string, nodeId: string, mark: PrefixMark, marks: readonly PrefixMark[]): number {
		if (mark === marks.at(-1)) return 0;
		const ended = this.conversations(nodeId, model).findLast((conversation) => lastHash(conversation) === mark.hash);
		return ended?.answerTokens ?? 0;
	}

	#open(model: string, nodeId: string): Conversation[] {
		let nodes = this.#conversations.get(model);
		if (!nodes) this.#conversations.set(model, (nodes = new Map()));
		let list = nodes.get(nodeId);
		if (!list) nodes.set(nodeId, (list = []));
		return list;
	}

	#drop(list: Conversation[], index: number, { model, nodeId }: { model: string; nodeId: string }): Conversation[] {
		const dropped = list.splice(index, 1);
		for (const { hash } of dropped[0]?.marks ?? []) this.#count({ model, nodeId, hash }, -1);
		return dropped;
	}

	#count({ model, nodeId, hash }: { model: string; nodeId: string; hash: string }, change: number): void {
		const key = holderKey(model, hash);
		let nodes = this.#holders.get(key);
		if (!nodes) this.#holders.set(key, (nodes = new Map()));
		const count = (nodes.get(nodeId) ?? 0) + change;
		if (count > 0) nodes.set(nodeId, count);
		else nodes.delete(nodeId);
		if (nodes.size === 0) this.#holders.delete(key);
	}
}

function holderKey(model: string, hash: string): string {
	return `${hash} ${model}`;
}

function lastHash({ marks }: Conversation): string | undefined {
	return marks.at(-1)?.hash;
}

/** The latest sits in a place of its own, beside what is remembered. */
function totalTokens(list: readonly Conversation[]): number {
	return list.slice(0, -1).reduce((sum, { tokens }) => sum + tokens, 0);
}
