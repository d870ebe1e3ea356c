/** An agent in a process of its own, with the real probes, its door on loopback. */
import { startAgent } from "../../../../agent/src/agent.ts";
import { externalCounter } from "../../../../agent/src/external/count.ts";
import { readMachine } from "../../../../agent/src/probes/machine.ts";
import { AgentFlagsSchema, tellReady } from "../messages.ts";

const { advertiseUrl, ...flags } = AgentFlagsSchema.parse(JSON.parse(process.argv[2] ?? ""));
const quiet = () => undefined;
const agent = await startAgent({
	...flags,
	...(advertiseUrl !== undefined && { advertiseUrl }),
	doorHost: "127.0.0.1",
	doorPort: 0,
	readMachine,
	countExternal: externalCounter(flags.ollamaUrl),
	log: { info: quiet, warn: (message) => process.stderr.write(`${message}\n`), error: (message) => process.stderr.write(`${message}\n`) },
});
process.once("disconnect", () => void agent.stop().finally(() => process.exit(0)));
tellReady({ doorUrl: agent.doorUrl });
