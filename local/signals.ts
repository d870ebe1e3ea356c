/** Ctrl-C and its kin: the first asks politely, the second cuts. */

/** Ends the process once `stop` is done. Under a parent with a channel, its going away counts as the first. */
export function stopOnSignals(stop: () => Promise<void>, say: (line: string) => void): void {
	let asked = 0;
	const end = () => {
		asked++;
		if (asked === 1) say("Stopping: running answers may finish for up to 10 s, Ctrl-C again cuts them");
		void stop().then(
			() => process.exit(0),
			(error: unknown) => {
				say(`Stopping went wrong: ${String(error)}`);
				process.exit(1);
			},
		);
	};
	process.on("SIGINT", end);
	process.on("SIGTERM", end);
	process.on("SIGHUP", end);
	if (process.channel) process.on("disconnect", end);
}
