/** What general load balancers do: pick a node that has the model, at arrival, knowing nothing else. */
import { Draws } from "../draws.ts";
import type { Arrival, Policy, PolicyMaker, Shell } from "../engine/policy.ts";

interface Choosing {
	readonly nodeIds: readonly string[];
	/** Sent and not ended. */
	readonly inFlight: ReadonlyMap<string, number>;
}

type Choose = (choosing: Choosing) => string | undefined;

export function random(): PolicyMaker {
	return (shell) => {
		const draws = new Draws(shell.seed * 17 + 3);
		return new SimplePolicy(shell, ({ nodeIds }) => nodeIds[Math.floor(draws.unit() * nodeIds.length)]);
	};
}

export function roundRobin(): PolicyMaker {
	return (shell) => {
		let turn = 0;
		return new SimplePolicy(shell, ({ nodeIds }) => nodeIds[turn++ % nodeIds.length]);
	};
}

export function leastConnections(): PolicyMaker {
	const countOf = ({ inFlight }: Choosing, nodeId: string) => inFlight.get(nodeId) ?? 0;
	return (shell) =>
		new SimplePolicy(shell, (choosing) => choosing.nodeIds.toSorted((a, b) => countOf(choosing, a) - countOf(choosing, b))[0]);
}

class SimplePolicy implements Policy {
	readonly #shell: Shell;
	readonly #choose: Choose;
	readonly #inFlight = new Map<string, number>();
	readonly #gone = new Set<string>();

	constructor(shell: Shell, choose: Choose) {
		this.#shell = shell;
		this.#choose = choose;
	}

	arrived(arrival: Arrival): void {
		const having = this.#shell.nodes.filter(({ id, models }) => !this.#gone.has(id) && models.includes(arrival.session.model));
		const nodeId = this.#choose({ nodeIds: having.map(({ id }) => id), inFlight: this.#inFlight });
		if (nodeId === undefined) return;
		this.#change(nodeId, 1);
		this.#shell.send(arrival, nodeId);
	}

	firstToken(): void {}

	finished(_arrival: Arrival, nodeId: string): void {
		this.#change(nodeId, -1);
	}

	beat({ nodeId }: { nodeId: string }): void {
		this.#gone.delete(nodeId);
	}

	lost(nodeId: string, arrivals: readonly Arrival[]): void {
		this.#gone.add(nodeId);
		this.#inFlight.delete(nodeId);
		for (const arrival of arrivals) this.arrived(arrival);
	}

	#change(nodeId: string, change: number): void {
		this.#inFlight.set(nodeId, (this.#inFlight.get(nodeId) ?? 0) + change);
	}
}
