import { nominalGib } from "../../protocol/nominal-memory.ts";
import type { Candidate } from "../candidate.ts";
import type { Signal } from "../signal.ts";

/** Models are sized in decimal GB, as Ollama and the catalogues print them. */
const GB = 1e9;
const LARGE_GB = 20;
const SMALL_GB = 8;
/** The origin's bandwidth bonus reached 25 points; rates are parts of that, so that the signal stays within its 15. */
const FULL_BONUS = 25;

/** Large models belong on machines with fast memory, small ones leave those free. */
export const roleAffinity: Signal = (candidate) => {
	const bandwidth = candidate.node.beat.platform.memory_bandwidth_gbps;
	return bandwidth ? byBandwidth(candidate, bandwidth) : byMemory(candidate);
};

function byBandwidth({ sizeBytes }: Candidate, bandwidthGbps: number): number {
	const bonus = Math.min(FULL_BONUS, 5 + bandwidthGbps / 40);
	if (sizeBytes > LARGE_GB * GB) return bonus / FULL_BONUS;
	if (sizeBytes < SMALL_GB * GB) return Math.max(3, 18 - 0.6 * bonus) / FULL_BONUS;
	return (0.6 * bonus) / FULL_BONUS;
}

/**
 * Memory tiers in GiB, for machines whose chip is not in the catalogue; rates are parts of 15. By what a machine was sold with:
 * Linux tells a little less, and the origin's 32 would leave out every machine with 32 GB.
 */
function byMemory({ node, sizeBytes }: Candidate): number {
	const totalGib = nominalGib(node.beat.memory.total_bytes);
	if (sizeBytes > LARGE_GB * GB) return totalGib >= 128 ? 1 : totalGib >= 32 ? 5 / 15 : 0;
	if (sizeBytes < SMALL_GB * GB) return totalGib <= 32 ? 1 : totalGib <= 128 ? 8 / 15 : 3 / 15;
	return 5 / 15;
}
