import { utimes } from "node:fs/promises";
import { afterEach, describe, it } from "vitest";
import { lastLineWith } from "../../../../agent/src/ollama/last-line.ts";
import { toldModelsFolder } from "../../../../agent/src/ollama/models-folder.ts";
import { slotsIn } from "../../../../agent/src/ollama/runner-slots.ts";
import { parseMetalTotal, parseServerConfig } from "../../../../agent/src/ollama/server-log.ts";
import { environmentReader, settingsReader } from "../../../../agent/src/ollama/settings.ts";
import { fakeMachine } from "../probes/fake-machine.ts";
import type { FakeMachine, Fixture } from "../probes/fake-machine.ts";

const OLLAMA = "http://127.0.0.1:11434";
const LOG = "/home/somebody/.ollama/logs/server.log";
const CONFIG =
	'time=2026-05-04T08:15:02.118+02:00 level=INFO source=routes.go:1951 msg="server config" env="map[CUDA_VISIBLE_DEVICES: HTTP_PROXY: OLLAMA_CONTEXT_LENGTH:0 OLLAMA_HOST:http://0.0.0.0:11434 OLLAMA_KEEP_ALIVE:2562047h47m16.854775807s OLLAMA_MAX_LOADED_MODELS:3 OLLAMA_MODELS:/Volumes/Big Disk/models OLLAMA_NUM_PARALLEL:2 OLLAMA_ORIGINS:[http://localhost https://localhost app://*] http_proxy: no_proxy:]"\n';
const RUNNER = ["/usr/lib/ollama/llama-server", "--model", "/m/blobs/sha256-aa", "--port", "40117", "-c", "8192", "-np", "4", ""].join(
	"\0",
);

const LINUX: Fixture = { platform: "linux", arch: "x64", chip: "x" };
const MAC: Fixture = { platform: "darwin", arch: "arm64", chip: "Apple M3" };

const machines: FakeMachine[] = [];
afterEach(async () => {
	for (const machine of machines.splice(0)) await machine.remove();
});

async function begin(fixture: Fixture): Promise<FakeMachine> {
	const machine = await fakeMachine(fixture);
	machines.push(machine);
	return machine;
}

function settingsOn(host: FakeMachine, ollamaUrl = OLLAMA) {
	return settingsReader(ollamaUrl, { readEnvironment: environmentReader(ollamaUrl, host), host });
}

describe("Ollama's settings", () => {
	it("come from what the desktop app's server says of itself", async ({ expect }) => {
		const machine = await begin({ ...MAC, files: { [LOG]: CONFIG } });
		expect(await settingsOn(machine)(true)).toEqual({
			num_parallel: 2,
			max_loaded_models: 3,
			context_length: 0,
			keep_alive: "-1",
			source: "environment",
		});
		expect(await toldModelsFolder(machine)).toBe("/Volumes/Big Disk/models");
		expect(await settingsOn(machine, "http://127.0.0.1:11500")(true)).toEqual({});
	});

	it("are not taken from the log of a server that no longer writes", async ({ expect }) => {
		const machine = await begin({
			...MAC,
			files: { [LOG]: CONFIG },
			programs: { launchctl: { script: '[ "$2" = OLLAMA_NUM_PARALLEL ] && echo 3; exit 0' } },
		});
		await utimes(machine.at(LOG), new Date(0), new Date(0));
		expect(await settingsOn(machine)(true)).toEqual({ num_parallel: 3, source: "environment" });
	});

	it("come from the running service's line in the journal, by its process", async ({ expect }) => {
		const machine = await begin({
			...LINUX,
			files: {
				"/proc/stat": "cpu  1 0 1 1\nbtime 1777878000\n",
				"/proc/812/stat": `812 (ollama) S 1 812 812 0 -1 4194560 ${"0 ".repeat(12)}25012 1 2`,
			},
			programs: {
				systemctl: "Environment=PATH=/usr/bin OLLAMA_NUM_PARALLEL=8\nMainPID=812",
				journalctl: { script: `[ "$1 $2 $3" = "_PID=812 --since=@1777878249 --until=@1777878280" ] && /bin/cat <<'END'\n${CONFIG}END` },
			},
		});
		expect(await settingsOn(machine)(true)).toMatchObject({ num_parallel: 2, source: "environment" });
	});

	it("come from what the service declares where the journal is closed to us, its files last", async ({ expect }) => {
		const shown =
			'Environment=PATH=/usr/bin "OLLAMA_ORIGINS=a b" OLLAMA_NUM_PARALLEL=8\nEnvironmentFiles=/etc/ollama.env (ignore_errors=no)\nMainPID=812';
		const machine = await begin({
			...LINUX,
			files: { "/etc/ollama.env": '# ours\nOLLAMA_NUM_PARALLEL="5"\nOLLAMA_KEEP_ALIVE=1h\n' },
			programs: { systemctl: shown, journalctl: { script: "echo No journal files were opened >&2; exit 1" } },
		});
		expect(await settingsOn(machine)(true)).toEqual({ num_parallel: 5, keep_alive: "1h", source: "environment" });
	});

	it("are not those of a service that does not run", async ({ expect }) => {
		const machine = await begin({ ...LINUX, programs: { systemctl: "Environment=OLLAMA_NUM_PARALLEL=8\nMainPID=0" } });
		expect(await settingsOn(machine)(true)).toEqual({});
	});

	it("come from the process that serves this very port", async ({ expect }) => {
		const machine = await begin({
			...LINUX,
			files: {
				"/proc/40/cmdline": "/usr/local/bin/ollama\0serve\0",
				"/proc/40/environ": "OLLAMA_HOST=127.0.0.1:11500\0OLLAMA_NUM_PARALLEL=9\0",
				"/proc/41/cmdline": "/usr/local/bin/ollama\0serve\0",
				"/proc/41/environ": "PATH=/bin\0OLLAMA_NUM_PARALLEL=4\0",
				"/proc/42/cmdline": "/usr/local/bin/ollama\0run\0tiny\0",
				"/proc/42/environ": "OLLAMA_NUM_PARALLEL=7\0",
			},
		});
		expect(await settingsOn(machine)(true)).toEqual({ num_parallel: 4, source: "environment" });
	});

	it("come from the registry on Windows, the user's own over the system's", async ({ expect }) => {
		const machine = await begin({
			...LINUX,
			platform: "win32",
			programs: {
				"reg.exe": {
					script:
						'case "$2" in HKLM*) printf "\\r\\nHKEY_LOCAL_MACHINE\\r\\n    OLLAMA_NUM_PARALLEL    REG_SZ    2\\r\\n    Path    REG_EXPAND_SZ    C:/x\\r\\n";; *) printf "    OLLAMA_NUM_PARALLEL    REG_SZ    6\\r\\n    OLLAMA_MODELS    REG_EXPAND_SZ    D:/models\\r\\n";; esac',
				},
			},
		});
		expect(await settingsOn(machine)(true)).toEqual({ num_parallel: 6, source: "environment" });
		expect(await toldModelsFolder(machine)).toBe("D:/models");
	});

	it("come from the container that has the port published", async ({ expect }) => {
		const machine = await begin({
			...LINUX,
			programs: {
				docker: {
					script: `case "$1 $3" in "ps publish=11434") echo 5f3;; "inspect {{json .Config.Env}}") echo '["OLLAMA_HOST=0.0.0.0:11434","OLLAMA_NUM_PARALLEL=3","OLLAMA_MODELS=/models"]';; esac`,
				},
			},
		});
		expect(await settingsOn(machine)(true)).toEqual({ num_parallel: 3, source: "environment" });
		expect(await toldModelsFolder(machine)).toBeUndefined();
	});

	it("are guessed from the places of what is loaded, and marked so", async ({ expect }) => {
		const machine = await begin({
			...LINUX,
			files: { "/proc/77/cmdline": RUNNER },
			programs: { systemctl: "Environment=OLLAMA_KEEP_ALIVE=1h\nMainPID=812" },
		});
		expect(await settingsOn(machine)(true)).toEqual({ num_parallel: 4, keep_alive: "1h", source: "inferred" });
	});

	it("are not guessed where two servers might have started it", async ({ expect }) => {
		const server = "/usr/bin/ollama\0serve\0";
		const machine = await begin({ ...LINUX, files: { "/proc/77/cmdline": RUNNER, "/proc/1/cmdline": server, "/proc/2/cmdline": server } });
		expect(await settingsOn(machine)(true)).toEqual({});
	});

	it("are looked for again after a restart, and seldom else", async ({ expect }) => {
		const machine = await begin({ ...LINUX, programs: { systemctl: "Environment=OLLAMA_NUM_PARALLEL=8\nMainPID=812" } });
		const read = settingsOn(machine);
		const asked = () => machine.started.filter((line) => line.startsWith("systemctl")).length;
		await read(true);
		for (let beat = 0; beat < 50; beat++) {
			machine.pass(5_000);
			await read(false);
		}
		expect(asked()).toBe(1);
		await read(true);
		expect(asked()).toBe(2);
	});

	it("of an Ollama on another machine are nobody's here", async ({ expect }) => {
		const machine = await begin({
			...LINUX,
			files: { "/proc/77/cmdline": RUNNER },
			programs: { systemctl: "Environment=OLLAMA_NUM_PARALLEL=8\nMainPID=812" },
		});
		expect(await settingsOn(machine, "http://192.0.2.7:11434")(true)).toEqual({});
	});
});

describe("Ollama's log", () => {
	it("has had another form", ({ expect }) => {
		const line =
			'2024/11/30 09:00:00 routes.go:1195: INFO server config env="map[OLLAMA_DEBUG:false OLLAMA_MODELS:C:\\\\Users\\\\m\\\\models OLLAMA_NUM_PARALLEL:0]"';
		expect(parseServerConfig(line)).toEqual({ OLLAMA_DEBUG: "false", OLLAMA_MODELS: "C:\\Users\\m\\models", OLLAMA_NUM_PARALLEL: "0" });
		expect(parseServerConfig(CONFIG)).not.toHaveProperty("CUDA_VISIBLE_DEVICES");
		expect(parseServerConfig("")).toBeUndefined();
		expect(parseMetalTotal('msg="inference compute" id=cpu library=cpu total="16.0 GiB"')).toBeUndefined();
	});

	it("is read from its end, in pieces: the last start counts", async ({ expect }) => {
		const machine = await begin(MAC);
		const filler = `${"[GIN] 2026/05/04 | 200 | GET /api/ps\n".repeat(60_000)}`;
		await machine.write("/log", `server config FIRST\n${filler}x server config LAST ${"y".repeat(900)}\n${filler}`);
		const found = await lastLineWith(machine.at("/log"), { marker: "server config", writtenAfter: 0 });
		expect(found).toBe(`x server config LAST ${"y".repeat(900)}`);
	});

	it("is read whole where a piece begins in the middle of a line", async ({ expect }) => {
		const machine = await begin(MAC);
		const line = "level=INFO server config X";
		await machine.write("/log", `${line}\n${"z".repeat(1_048_576 - "INFO server config X\n".length)}`);
		expect(await lastLineWith(machine.at("/log"), { marker: "server config", writtenAfter: 0 })).toBe(line);
	});
});

describe("places of a runner", () => {
	it.for([
		["llama-server of 0.30", RUNNER.replaceAll("\0", " "), 4],
		["runner of 0.20", "/usr/bin/ollama runner --model /m/blobs/sha256-aa --parallel 2 --port 35253", 2],
		["runner of 2024", "/tmp/ollama/runners/metal/ollama_llama_server --model /m/blobs/sha256-aa --ctx-size 8192 --parallel 4 --port 1", 4],
		["look for graphics cards", "/usr/lib/ollama/llama-server --port 40117 --host 127.0.0.1 --verbose -np 4", undefined],
		["server of somebody else's", "/opt/llama-server --model /home/me/model.gguf -np 8", undefined],
	] as const)("%s", ([, line, slots], { expect }) => {
		expect(slotsIn(line)).toBe(slots);
	});
});
