import type { Command } from "commander";

/** What was said, by flag or by variable: a service has neither this terminal nor its environment. Machines change their names. */
export function flagsForService(command: Command, texts: ReadonlyMap<string, string>): string[] {
	const said = command.options.filter((option) => {
		const source = command.getOptionValueSource(option.attributeName());
		return source === "cli" || source === "env" || option.long === "--node-id";
	});
	return said
		.filter(({ long }) => long !== "--token" && long !== "--token-file")
		.filter((option) => command.getOptionValue(option.attributeName()) !== false)
		.flatMap((option) => {
			const value: unknown = command.getOptionValue(option.attributeName());
			if (value === true) return [option.long ?? ""];
			// A path as it was found from here; hours as they were written
			return [option.long ?? "", typeof value === "object" ? (texts.get(option.attributeName()) ?? "") : String(value)];
		});
}
