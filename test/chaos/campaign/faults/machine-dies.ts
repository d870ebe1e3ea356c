/** A machine, or its Ollama, is killed in each phase of an answer. */
import { until } from "../../../journeys/until.ts";
import type { Fault, Stage } from "../fault.ts";

const powerOn = ({ target }: Stage) => target.powerOn();

/** A prompt that takes the machine seconds to read. */
async function whileReading({ target, traffic, own }: Stage): Promise<void> {
	const ask = own({ words: 250 });
	void traffic.send(ask);
	const isThere = () => target.ollama.snapshot().running.some(({ model }) => model.startsWith(ask.model));
	await until(`${target.nodeId} reads ${ask.tag}`, () => isThere() && !traffic.hasHeard(ask.tag));
}

async function whileSpeaking({ target, traffic, own }: Stage): Promise<void> {
	const ask = own({ tokens: 200, stream: true });
	void traffic.send(ask);
	await traffic.hears(ask.tag, target.nodeId);
}

async function whileLoading({ target, traffic, own }: Stage): Promise<void> {
	const { ollama, facts } = target;
	await until("its own model is out of memory", async () => {
		await target.unloadOwnModel();
		return ollama.snapshot().resident.every(({ name }) => !name.startsWith(facts.ownModel));
	});
	ollama.faults.loadSlowdown = 40;
	void traffic.send(own());
	await until("it loads", () => ollama.snapshot().loading?.startsWith(facts.ownModel));
}

function killed(when: string, wait: (stage: Stage) => Promise<void>): Fault {
	return {
		name: `machine killed ${when}`,
		async inject(stage) {
			await wait(stage);
			await stage.target.powerOff();
		},
		heal: powerOn,
	};
}

const ollamaKilled: Fault = {
	name: "Ollama killed under its agent",
	async inject(stage) {
		await whileSpeaking(stage);
		await stage.target.killOllama();
	},
	heal: powerOn,
};

const runnerKilled: Fault = {
	name: "runner killed mid-stream",
	endsInOrder: true,
	async inject(stage) {
		await whileSpeaking(stage);
		stage.target.ollama.runOutOfMemory();
	},
	heal: async () => undefined,
};

export const machineDies = [
	killed("before its first byte", whileReading),
	killed("mid-stream", whileSpeaking),
	killed("while loading", whileLoading),
	ollamaKilled,
	runnerKilled,
];
