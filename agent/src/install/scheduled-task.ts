/** Windows: a scheduled task that begins when the person logs on, without administrator rights. */
import { win32 } from "node:path";
import { OWNER_ONLY, SERVICE_NAME } from "./plan.ts";
import type { ServiceFacts, ServiceSystem } from "./plan.ts";
import { xml } from "./xml.ts";

export const scheduledTask: ServiceSystem = {
	name: "Task Scheduler, as a task of your own",
	file: ({ dataDir }) => win32.join(dataDir, "herd-agent-task.xml"),
	install: (facts) => ({
		files: [{ path: scheduledTask.file(facts), text: `\uFEFF${taskOf(facts)}`, mode: OWNER_ONLY, encoding: "utf16le" }],
		commands: [
			{ words: ["schtasks", "/end", "/tn", SERVICE_NAME], mayFail: true },
			{ words: ["schtasks", "/create", "/tn", SERVICE_NAME, "/xml", scheduledTask.file(facts), "/f"] },
			{ words: ["schtasks", "/run", "/tn", SERVICE_NAME] },
		],
		removals: [],
		afterwards: [],
		hints: [
			"It runs while you are logged on.",
			"If Windows asks whether node may be reached, allow it on private networks: the router comes in by this door.",
			`What it says: ${win32.join(facts.dataDir, "logs", "herd-node.jsonl")}`,
		],
	}),
	uninstall: (facts) => ({
		files: [],
		commands: [
			{ words: ["schtasks", "/end", "/tn", SERVICE_NAME], mayFail: true },
			{ words: ["schtasks", "/delete", "/tn", SERVICE_NAME, "/f"], mayFail: true },
		],
		removals: [scheduledTask.file(facts)],
		afterwards: [],
		hints: [],
	}),
};

/**
 * The scheduler's own defaults stop a task on battery power and after three days, and give it a low priority (7).
 * `conhost --headless` keeps node from opening a window.
 */
function taskOf({ nodePath, scriptPath, flags, user }: ServiceFacts): string {
	const line = ["--headless", nodePath, scriptPath, "run", ...flags].map(quoted).join(" ");
	return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <LogonTrigger><UserId>${xml(user)}</UserId></LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author"><UserId>${xml(user)}</UserId><LogonType>InteractiveToken</LogonType></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>conhost.exe</Command><Arguments>${xml(line)}</Arguments></Exec>
  </Actions>
</Task>
`;
}

/** As Windows programs split their command line: backslashes before a quote count double. */
function quoted(word: string): string {
	if (/^[^\s"]+$/.test(word)) return word;
	return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}
