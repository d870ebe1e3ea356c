import type { Quantity } from "../format.ts";

/** A value with its unit smaller and lighter. */
export function Amount({ of }: { of: Quantity }) {
	return (
		<span class="amount">
			{of.number}
			{of.unit && <span class="unit"> {of.unit}</span>}
		</span>
	);
}
