import { InvalidArgumentError } from "commander";

/** For a `--port` flag; 0 takes any free port. */
export function parsePort(text: string): number {
	const port = Number(text);
	if (text.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new InvalidArgumentError(`"${text}" is not a port: a whole number from 0 to 65535`);
}
