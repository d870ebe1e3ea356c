/** A chip that models run on. Bandwidth is the theoretical peak in decimal GB/s; what is reached is 66 to 94 % of it. */
export interface Chip {
	pattern: RegExp;
	gbps: number;
	/** Shares the machine's memory. */
	unified?: boolean;
	/** Width of the whole memory bus of a processor whose modules can be chosen, 64 for each channel. */
	busBits?: number;
	/** Chips of one name that differ: told apart by the machine's memory. */
	byMemory?: readonly { gb: readonly number[]; gbps: number }[];
}
