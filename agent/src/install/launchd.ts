/** macOS: a launch agent of the person's own, without root. */
import { join } from "node:path";
import { PUBLIC_FILE } from "./plan.ts";
import type { ServiceFacts, ServiceSystem } from "./plan.ts";
import { xml } from "./xml.ts";

const LABEL = "local.herd.agent";

export const launchd: ServiceSystem = {
	name: "launchd, as a launch agent of your own",
	file: ({ homeFolder }) => join(homeFolder, "Library", "LaunchAgents", `${LABEL}.plist`),
	install: (facts) => ({
		files: [{ path: launchd.file(facts), text: plistOf(facts), mode: PUBLIC_FILE, encoding: "utf8" }],
		commands: [
			{ words: ["launchctl", "bootout", serviceOf(facts)], mayFail: true },
			{ words: ["launchctl", "enable", serviceOf(facts)] },
			{ words: ["launchctl", "bootstrap", `gui/${facts.userId}`, launchd.file(facts)] },
		],
		removals: [],
		afterwards: [],
		hints: [
			"It runs while you are logged in at this Mac's desktop: log in automatically (System Settings, Users & Groups) if nobody sits there.",
			"If the router can't be reached, allow node in System Settings, Privacy & Security, Local Network.",
			`What it says: tail -f ${join(facts.dataDir, "logs", "herd-node.jsonl")}`,
		],
	}),
	uninstall: (facts) => ({
		files: [],
		commands: [{ words: ["launchctl", "bootout", serviceOf(facts)], mayFail: true }],
		removals: [launchd.file(facts)],
		afterwards: [],
		hints: [],
	}),
};

function serviceOf({ userId }: Pick<ServiceFacts, "userId">): string {
	return `gui/${userId}/${LABEL}`;
}

/** What it says goes to its own log file, which is rotated; launchd's never are, so only a crash is written there. */
function plistOf({ nodePath, scriptPath, flags, dataDir }: ServiceFacts): string {
	const words = [nodePath, scriptPath, "run", ...flags].map((word) => `\t\t<string>${xml(word)}</string>`);
	return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>${LABEL}</string>
	<key>ProgramArguments</key>
	<array>
${words.join("\n")}
	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>KeepAlive</key>
	<true/>
	<key>StandardOutPath</key>
	<string>/dev/null</string>
	<key>StandardErrorPath</key>
	<string>${xml(join(dataDir, "logs", "herd-agent.stderr"))}</string>
</dict>
</plist>
`;
}
