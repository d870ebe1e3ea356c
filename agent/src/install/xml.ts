const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it may stand in an XML element or attribute. */
export function xml(text: string): string {
	return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}
