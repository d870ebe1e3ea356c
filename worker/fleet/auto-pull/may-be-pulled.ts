/** Whether a name that no node knows may be pulled for whoever asks for it, and how big that would be. */
import { catalogued } from "../../catalogue/lookup.ts";
import { canonicalName } from "../../routing/names.ts";
import type { Registry } from "./registry.ts";
import { registryName } from "./registry-name.ts";
import { gigabytes } from "./gigabytes.ts";

/** `why` is said to a person after "not pulled: ". */
export type Verdict =
	| { readonly kind: "allowed"; readonly pullAs: string; readonly sizeBytes: number }
	| { readonly kind: "denied"; readonly why: string };

/** The registry's word counts where it can be had: the catalogue is a snapshot. */
export async function mayBePulled(asked: string, { registry, maxGb }: { registry: Registry; maxGb: number }): Promise<Verdict> {
	const name = registryName(asked);
	if (!name) return { kind: "denied", why: "only models of Ollama's own registry are" };
	if (/^(?:.*-)?cloud$/i.test(name.tag)) return { kind: "denied", why: "a cloud model belongs to the account of one machine" };
	const entry = catalogued(canonicalName(asked));
	const size = await registry.sizeOf(name);
	if (size.kind === "absent") return { kind: "denied", why: "the registry does not have it" };
	const sizeBytes = size.kind === "known" ? size.bytes : entry?.sizeBytes;
	if (sizeBytes === undefined) return { kind: "denied", why: "the registry can't be reached, and it is not in the router's catalogue" };
	if (sizeBytes > maxGb * 1e9)
		return { kind: "denied", why: `at ${gigabytes(sizeBytes)} it is over the limit of ${maxGb} GB (FLEET_AUTO_PULL_MAX_GB)` };
	return { kind: "allowed", pullAs: entry?.name ?? name.pullAs, sizeBytes };
}
