/** This process's environment without anything that would configure a router, an agent or an Ollama. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
	const kept = Object.entries(process.env).filter(([name]) => !/^(?:FLEET_|OLLAMA_|HERD_|MINIFLARE_|VITEST|NODE_OPTIONS)/.test(name));
	return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}
