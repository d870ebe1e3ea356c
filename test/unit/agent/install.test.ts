import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, it, onTestFinished } from "vitest";
import type { Plan, ServiceFacts } from "../../../agent/src/install/plan.ts";
import { programFor } from "../../../agent/src/install/program.ts";
import { SERVICE_SYSTEMS } from "../../../agent/src/install/systems.ts";

const MAIN = fileURLToPath(new URL("../../../agent/src/main.ts", import.meta.url));

const FACTS: ServiceFacts = {
	nodePath: "/opt/my node/bin/node",
	scriptPath: "/home/anna/.fleet-manager/herd-agent/dist/herd-agent.mjs",
	flags: ["--router-url", "http://hub:11435", "--node-id", "50%-$box", "--advertise", 'http://a&b"c'],
	user: "anna",
	userId: 501,
	homeFolder: "/home/anna",
	configFolder: "/home/anna/.config",
	dataDir: "/home/anna/.fleet-manager",
};

function planOn(platform: "linux" | "darwin" | "win32", word: "install" | "uninstall" = "install"): Plan {
	const system = SERVICE_SYSTEMS[platform];
	if (!system) throw new Error(`No way to install on ${platform}`);
	return system[word](FACTS);
}

const commandsOf = ({ commands }: Plan) => commands.map(({ words }) => words.join(" "));

describe("what would be installed", () => {
	it("on Linux is a service of one's own, whose words systemd leaves as they are", ({ expect }) => {
		const plan = planOn("linux");
		const [unit] = plan.files;
		expect(unit).toMatchObject({ path: "/home/anna/.config/systemd/user/herd-agent.service", mode: 0o644 });
		expect(unit?.text).toContain(
			'ExecStart="/opt/my node/bin/node" /home/anna/.fleet-manager/herd-agent/dist/herd-agent.mjs run --router-url',
		);
		expect(unit?.text).toContain('--node-id "50%%-$$box" --advertise "http://a&b\\"c"\n');
		expect(unit?.text).toContain("WantedBy=default.target");
		expect(commandsOf(plan)).toContain("systemctl --user enable herd-agent.service");
		expect(plan.hints.join()).toContain("loginctl enable-linger anna");
	});

	it("on macOS is a launch agent, which is loaded anew", ({ expect }) => {
		const plan = planOn("darwin");
		const [plist] = plan.files;
		expect(plist?.path).toBe("/home/anna/Library/LaunchAgents/local.herd.agent.plist");
		expect(plist?.text).toContain("<string>http://a&amp;b&quot;c</string>");
		expect(plist?.text).toMatch(/<key>KeepAlive<\/key>\s*<true\/>/);
		expect(commandsOf(plan)).toEqual([
			"launchctl bootout gui/501/local.herd.agent",
			"launchctl enable gui/501/local.herd.agent",
			`launchctl bootstrap gui/501 ${plist?.path}`,
		]);
	});

	it("on Windows is a task that neither battery nor days end", ({ expect }) => {
		const [task] = planOn("win32").files;
		expect(task?.encoding).toBe("utf16le");
		expect(task?.text.startsWith("\uFEFF<?xml")).toBe(true);
		expect(task?.text).toContain("&quot;/opt/my node/bin/node&quot; /home/anna");
		expect(task?.text).toContain("http://a&amp;b\\&quot;c");
		for (const setting of ["<DisallowStartIfOnBatteries>false", "<StopIfGoingOnBatteries>false", "<ExecutionTimeLimit>PT0S"])
			expect(task?.text).toContain(setting);
	});

	it.for(["linux", "darwin", "win32"] as const)("on %s goes with uninstall", (platform, { expect }) => {
		const [file] = planOn(platform).files;
		expect(planOn(platform, "uninstall").removals).toEqual([file?.path]);
	});

	it("is a copy of a packed program, since npx empties its cache, and the sources where they are", ({ expect }) => {
		expect(programFor("/home/anna/.npm/_npx/1f/node_modules/herd-agent/dist/herd-node.mjs", "/data")).toEqual({
			scriptPath: join("/data", "herd-agent", "dist", "herd-agent.mjs"),
			copy: { from: "/home/anna/.npm/_npx/1f/node_modules/herd-agent", to: join("/data", "herd-agent") },
		});
		expect(programFor("/repo/agent/src/main.ts", "/data")).toEqual({ scriptPath: "/repo/agent/src/main.ts" });
		const installed = join("/data", "herd-agent", "dist", "herd-agent.mjs");
		expect(programFor(installed, "/data")).toEqual({ scriptPath: installed });
	});
});

/** A home folder of its own, with a `systemctl` that only notes what it is told. */
describe.runIf(process.platform === "linux")("herd-agent install", () => {
	let home = "";
	let dataDir = "";
	beforeEach(async () => {
		home = await mkdtemp(join(tmpdir(), "agent-install-"));
		onTestFinished(() => rm(home, { recursive: true }));
		dataDir = join(home, "data");
		await mkdir(join(home, "bin"));
		await writeFile(join(home, "bin", "systemctl"), `#!/bin/sh\necho "$@" >> ${home}/told\n`);
		await chmod(join(home, "bin", "systemctl"), 0o755);
	});

	function run(...args: string[]): Promise<{ code: number; printed: string }> {
		const env = { HOME: home, PATH: `${join(home, "bin")}:/usr/bin:/bin`, FLEET_NODE_TOKEN: "the-secret-token" };
		const all = [MAIN, ...args, "--data-dir", dataDir, "--node-id", "box"];
		return new Promise((resolve) => {
			execFile(process.execPath, all, { env }, (error, stdout, stderr) =>
				resolve({ code: error === null ? 0 : Number(error.code), printed: stdout + stderr }),
			);
		});
	}

	const unitPath = () => join(home, ".config", "systemd", "user", "herd-agent.service");
	const told = () => readFile(join(home, "told"), "utf8");

	it("writes the unit, starts it, and hides the token in a file of its owner's", async ({ expect }) => {
		const { code, printed } = await run("install", "--yes", "--router-url", "http://hub:11435");
		expect([code, printed]).toEqual([0, expect.stringContaining("loginctl enable-linger")]);
		const unit = await readFile(unitPath(), "utf8");
		const tokenFile = join(dataDir, "agent-box.token");
		expect(unit).toContain(`--router-url http://hub:11435 --node-id box --data-dir ${dataDir} --token-file ${tokenFile}\n`);
		expect(await readFile(tokenFile, "utf8")).toBe("the-secret-token\n");
		expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
		expect(printed + unit).not.toContain("the-secret-token");
		expect(await told()).toBe("--user daemon-reload\n--user enable herd-agent.service\n--user restart herd-agent.service\n");
		expect((await run("uninstall", "--yes")).code).toBe(0);
		expect(await told()).toContain("--user disable --now herd-agent.service\n--user daemon-reload\n");
		expect(await readdir(join(home, ".config", "systemd", "user"))).toEqual([]);
		expect(await readdir(dataDir)).toEqual([]);
	});

	it.for([
		[["--dry-run"], 0],
		[["--dry-run", "--json"], 0],
		[[], 1],
		[["--json"], 1],
	] as const)("changes nothing with %j", async ([flags, expected], { expect }) => {
		const { code, printed } = await run("install", "--router-url", "http://hub:11435", ...flags);
		expect(code).toBe(expected);
		expect(printed).not.toContain("the-secret-token");
		if (expected === 1) expect(printed).toContain("--yes");
		else expect(printed).toContain("herd-agent.service");
		expect(await readdir(home)).toEqual(["bin"]);
	});

	it("says what went wrong in systemctl's own words", async ({ expect }) => {
		await writeFile(join(home, "bin", "systemctl"), "#!/bin/sh\necho Failed to connect to bus >&2\nexit 1\n");
		const { code, printed } = await run("install", "--yes", "--router-url", "http://hub:11435");
		expect(code).toBe(1);
		expect(printed).toMatch(/herd-agent install: systemctl --user daemon-reload: Failed to connect to bus\. .*XDG_RUNTIME_DIR/);
	});
});
