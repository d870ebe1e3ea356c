/** What PowerShell's `ConvertTo-Json` prints for a list: one entry comes without its list, none as nothing. */
export function jsonList(text: string): unknown[] {
	if (text.trim() === "") return [];
	const parsed: unknown = JSON.parse(text);
	return Array.isArray(parsed) ? parsed : [parsed];
}
