/** Linux: a service of the person's own systemd, without root. */
import { join } from "node:path";
import { PUBLIC_FILE, SERVICE_NAME } from "./plan.ts";
import type { PlannedCommand, ServiceFacts, ServiceSystem } from "./plan.ts";

const UNIT = `${SERVICE_NAME}.service`;
/** A bad flag or variable stays one, however often it is tried. */
const EXIT_BAD_VALUE = 2;
/** What the agent lets running answers take at a stop, and a little more. */
const STOP_SECONDS = 20;

export const systemd: ServiceSystem = {
	name: "systemd, as a service of your own",
	file: ({ configFolder }) => join(configFolder, "systemd", "user", UNIT),
	install: (facts) => ({
		files: [{ path: systemd.file(facts), text: unitOf(facts), mode: PUBLIC_FILE, encoding: "utf8" }],
		commands: [userCommand("daemon-reload"), userCommand("enable", UNIT), userCommand("restart", UNIT)],
		removals: [],
		afterwards: [],
		hints: [
			`It runs while you are logged in. To let it run from the start of the machine, without a login: loginctl enable-linger ${facts.user}`,
			`What it says: journalctl --user -u ${SERVICE_NAME} -f`,
		],
	}),
	uninstall: (facts) => ({
		files: [],
		commands: [{ ...userCommand("disable", "--now", UNIT), mayFail: true }],
		removals: [systemd.file(facts)],
		afterwards: [userCommand("daemon-reload")],
		hints: [],
	}),
};

function userCommand(...words: string[]): PlannedCommand {
	return { words: ["systemctl", "--user", ...words] };
}

function unitOf({ nodePath, scriptPath, flags }: ServiceFacts): string {
	const line = [nodePath, scriptPath, "run", ...flags].map(quoted).join(" ");
	return `[Unit]
Description=The door to this machine's Ollama for its router
StartLimitIntervalSec=0

[Service]
ExecStart=${line}
Restart=always
RestartSec=5
RestartPreventExitStatus=${EXIT_BAD_VALUE}
TimeoutStopSec=${STOP_SECONDS}

[Install]
WantedBy=default.target
`;
}

/** As systemd reads words: `%` and `$` would be replaced, quotes and backslashes end or escape. */
function quoted(word: string): string {
	const escaped = word.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%").replaceAll("$", "$$$$");
	return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}
