/** The router in a process of its own, so that its memory and CPU are its own. */
import { z } from "zod";
import { startRouter } from "../../../../local/router.ts";
import { stopOnSignals } from "../../../../local/signals.ts";
import { tellReady } from "../messages.ts";

const { dataDir } = z.object({ dataDir: z.string() }).parse(JSON.parse(process.argv[2] ?? ""));
const router = await startRouter({ host: "127.0.0.1", port: 0, dataDir, say: (line) => process.stderr.write(`${line}\n`) });
stopOnSignals(
	() => router.stop(),
	() => undefined,
);
tellReady({ port: router.port, joinToken: router.data.joinToken, workerdPidFile: router.data.workerdPidFile });
