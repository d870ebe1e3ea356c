/** Decimal, as Ollama's library shows sizes: `4.9 GB`. */
export function gigabytes(bytes: number): string {
	return `${(bytes / 1e9).toFixed(1)} GB`;
}
