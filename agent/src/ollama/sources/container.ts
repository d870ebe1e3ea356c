import * as z from "zod";
import type { SettingsSource } from "./source.ts";
import { fromAssignments } from "../environment.ts";

const EnvSchema = z.array(z.string());

/** The container that has the port published, where this user may ask. Inside it Ollama has a port and folders of its own. */
export const container: SettingsSource = {
	platforms: ["linux", "darwin"],
	async read(host, port) {
		const ids = (await host.run("docker", ["ps", "--filter", `publish=${port}`, "--format", "{{.ID}}"])).split("\n").filter(Boolean);
		const printed = await Promise.all(ids.map((id) => host.run("docker", ["inspect", "-f", "{{json .Config.Env}}", id])));
		const environments = printed.map((text) => fromAssignments(EnvSchema.parse(JSON.parse(text))));
		return environments.map((environment) => ({ ...environment, OLLAMA_HOST: `0.0.0.0:${port}`, OLLAMA_MODELS: undefined }));
	},
};
