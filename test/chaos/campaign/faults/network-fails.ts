/** What cables do: forget, and swallow. */
import { until } from "../../../journeys/until.ts";
import type { Fault, Stage } from "../fault.ts";
import { isOffline } from "./agent-fails.ts";

async function speaking({ target, traffic, own }: Stage): Promise<void> {
	const ask = own({ tokens: 200, stream: true });
	void traffic.send(ask);
	await traffic.hears(ask.tag, target.nodeId);
}

/** The router's connections to the door lead nowhere, and it is not told; new ones work. */
const halfOpen: Fault = {
	name: "half-open connections",
	async inject(stage) {
		await speaking(stage);
		stage.target.doorWire.forget();
	},
	heal: async ({ target }) => target.doorWire.remember(),
};

const blackHole: Fault = {
	name: "network black hole",
	isLong: true,
	async inject(stage) {
		await speaking(stage);
		stage.target.doorWire.goDark();
		stage.target.routerWire.goDark();
	},
	holds: isOffline,
	heal: async ({ target }) => {
		target.doorWire.goLight();
		target.routerWire.goLight();
	},
};

/** A firewall that was changed: beats come, the door can't be reached. */
const oneWay: Fault = {
	name: "black hole on the way to the door",
	isLong: true,
	async inject(stage) {
		await speaking(stage);
		stage.target.doorWire.goDark();
	},
	async holds({ home, target }) {
		await until(`${target.nodeId} gets nothing more`, async () => {
			const node = (await home.status()).nodes.find(({ node_id }) => node_id === target.nodeId);
			return node && node.blocked_by.includes("door-unreachable");
		});
	},
	heal: async ({ target }) => target.doorWire.goLight(),
};

export const networkFails = [halfOpen, blackHole, oneWay];
