import { CopyLine } from "../controls/copy-line.tsx";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The line that makes a machine join this router. */
export function JoinLine() {
	return <CopyLine line={`npm run agent -- --router-url ${location.origin}`} />;
}

/** What to do while no machine has joined. */
export function NoNodes() {
	return (
		<div class="empty">
			<p class="empty-title">No machine has joined yet</p>
			<p>Run this on every machine that has Ollama:</p>
			<JoinLine />
			{LOOPBACK.has(location.hostname) && (
				<p class="aside">On another machine, write this machine's address in place of {location.hostname}.</p>
			)}
			<p class="aside">It appears here within five seconds. Without a join token it waits for your approval.</p>
		</div>
	);
}
