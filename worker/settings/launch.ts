/** What is known of the router's start. Under `wrangler` nobody tells: then whatever is set was set by the environment. */
import { type Launch, LaunchSchema, type Source } from "../protocol/settings.ts";

export type Environment = Readonly<Record<string, unknown>>;

/** Undefined when no launcher told. */
export function launchOf({ HERD_LAUNCH: told }: Environment): Launch | undefined {
	if (typeof told !== "string") return undefined;
	return LaunchSchema.safeParse(JSON.parse(told)).data;
}

/** Before any change at run time. */
export function sourceOf(name: string, environment: Environment): Source {
	const launch = launchOf(environment);
	if (launch) return launch.sources[name] ?? "default";
	return environment[name] === undefined || environment[name] === "" ? "default" : "env";
}
