/** A model's name as Ollama's own registry knows it. Pure. */

const HOST = "registry.ollama.ai/";
const LIBRARY = "library";
/** As Ollama allows it; what passes can stand in an address as it is. */
const PART = /^[a-z0-9_][a-z0-9_.-]{0,79}$/i;

export interface RegistryName {
	/** `library/llama3.2`. */
	readonly repository: string;
	readonly tag: string;
	/** What to ask a node for: the client's own spelling, for a registry may tell upper from lower case. */
	readonly pullAs: string;
}

/** Undefined for a name of another host, and for what is no name. */
export function registryName(asked: string): RegistryName | undefined {
	const trimmed = asked.trim();
	const name = trimmed.toLowerCase().startsWith(HOST) ? trimmed.slice(HOST.length) : trimmed;
	const [path = "", tag = "latest", ...more] = name.split(":");
	const parts = path.split("/");
	const [namespace = "", model = ""] = parts.length === 1 ? [LIBRARY, path] : parts;
	if (more.length > 0 || parts.length > 2 || ![namespace, model, tag].every((part) => PART.test(part))) return undefined;
	return { repository: `${namespace}/${model}`, tag, pullAs: name };
}
