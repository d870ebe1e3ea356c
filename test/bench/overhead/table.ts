/** A plain table: the first column to the left, numbers to the right; pure. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const all = [head, ...rows];
	const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
	const line = (row: readonly string[]) => widths.map((width, column) => pad(row[column] ?? "", width, column)).join("  ");
	return all.map((row) => line(row).trimEnd()).join("\n");
}

function pad(text: string, width: number, column: number): string {
	return column === 0 ? text.padEnd(width) : text.padStart(width);
}
