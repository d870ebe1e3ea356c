/**
 * Every way in which the simulated Ollama may differ from the recordings, with the reason.
 * A difference that is not here is a bug.
 */

export interface Allowance {
	/** Recording sets; all when absent. */
	sets?: readonly string[];
	cases: RegExp;
	/** Which aspects may differ; all when absent. */
	aspects?: readonly string[];
	because: string;
}

const LAWFUL: readonly Allowance[] = [
	{
		cases: /^generate-(unicode|format-schema|images-on-text-model)$|^chat-images-on-text-model$|^v1-messages-stream$/,
		aspects: ["body"],
		because: "whether a model comes to an end before its limit is the model's affair, so the reason of the end may differ",
	},
	{
		sets: ["ollama-0.24.0"],
		cases: /^show-/,
		aspects: ["body"],
		because: "the recorded models were created from files, and 0.24 names the file as parent; a simulated one was pulled and has no parent",
	},
	{
		sets: ["ollama-0.32.15"],
		cases: /^pull-ok-stream$/,
		aspects: ["body"],
		because: "progress follows a ticker, which in the recording met a layer before its first byte",
	},
];

const NOT_SIMULATED: readonly Allowance[] = [
	{
		cases: /^(pull-(refused|insecure)|create-from-unknown-model)/,
		because: "the text of a refused connection to a registry: a simulated machine reaches none",
	},
	{ cases: /^blob-head-present$/, because: "asks for the digest of the recorded machine's own weights file" },
];

/** What may differ, and what is not there at all. */
export interface Allowances {
	lawful: readonly Allowance[];
	notSimulated: readonly Allowance[];
}

export const SIMULATOR: Allowances = { lawful: LAWFUL, notSimulated: NOT_SIMULATED };

export function lawfulBecause({ lawful }: Allowances, set: string, name: string, aspect: string): string | undefined {
	return lawful.find((entry) => applies(entry, set, name) && (entry.aspects?.includes(aspect) ?? true))?.because;
}

export function notSimulatedBecause({ notSimulated }: Allowances, set: string, name: string): string | undefined {
	return notSimulated.find((entry) => applies(entry, set, name))?.because;
}

function applies({ sets, cases }: Allowance, set: string, name: string): boolean {
	return (sets?.includes(set) ?? true) && cases.test(name);
}
