import { InvalidArgumentError } from "commander";

export const PORT_FORM = "a whole number from 0 to 65535";

/** For a `--port` flag; 0 takes any free port. */
export function parsePort(text: string): number {
	const port = portOf(text);
	if (port !== undefined) return port;
	throw new InvalidArgumentError(`"${text}" is not a port: ${PORT_FORM}`);
}

/** Undefined when the text is no port. */
export function portOf(text: string): number | undefined {
	const port = Number(text);
	return text.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined;
}
