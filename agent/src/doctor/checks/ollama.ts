/** Whether Ollama is here, answers, and is not open to the network past the door. */
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import * as z from "zod";
import { askOllama } from "../../ollama/client.ts";
import { findOllama } from "../../ollama/installed.ts";
import { isOnThisMachine } from "../../ollama/whereabouts.ts";
import { ok, problem, warning } from "../finding.ts";
import type { Check, Finding } from "../finding.ts";

const ABOUT = "Ollama";
const CONNECT_LIMIT_MS = 1_000;

const VersionSchema = z.looseObject({ version: z.string() });

export const ollama: Check = async ({ ollamaUrl }) => {
	const answer = await askOllama(ollamaUrl, "/api/version");
	if (answer.kind === "closed") return [await absent(ollamaUrl)];
	if (answer.kind === "busy")
		return [warning(ABOUT, `At ${ollamaUrl} something listens, but gives no usable answer`, "Restart Ollama, or correct --ollama-host")];
	const version = answer.kind === "answered" ? VersionSchema.safeParse(answer.body).data?.version : undefined;
	if (version === undefined) return [problem(ABOUT, `What answers at ${ollamaUrl} is no Ollama`, "Correct --ollama-host")];
	return [ok(ABOUT, `version ${version} answers at ${ollamaUrl}`), ...(await openness(ollamaUrl))];
};

async function absent(ollamaUrl: string): Promise<Finding> {
	if (!isOnThisMachine(ollamaUrl)) return problem(ABOUT, `No Ollama answers at ${ollamaUrl}`, "Start it there, or correct --ollama-host");
	const program = await findOllama();
	if (program === undefined) return problem(ABOUT, "It is not installed here", "See https://ollama.com/download");
	return problem(
		ABOUT,
		`It is installed (${program}), but does not answer at ${ollamaUrl}`,
		"Start it (ollama serve), or run the agent with --start-ollama",
	);
}

/** Tried rather than read from settings: these are in many places, and this is what others on the network would see. */
async function openness(ollamaUrl: string): Promise<Finding[]> {
	if (!isOnThisMachine(ollamaUrl)) return [];
	const port = Number(new URL(ollamaUrl).port || "80");
	const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
	const outer = addresses.filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address);
	const open = (await Promise.all(outer.map(async (address) => ((await listens(address, port)) ? [address] : [])))).flat();
	if (open.length === 0) return [ok("Ollama's port", "is open to this machine only")];
	const text = `Everybody in the network can use Ollama at ${open[0]}:${port} past the router and its door`;
	return [warning("Ollama's port", text, "Set OLLAMA_HOST=127.0.0.1 for it and restart it, unless you want that")];
}

function listens(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host, port, timeout: CONNECT_LIMIT_MS });
		const end = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		socket.once("connect", () => end(true));
		socket.once("error", () => end(false));
		socket.once("timeout", () => end(false));
	});
}
