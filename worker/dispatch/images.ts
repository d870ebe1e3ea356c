/** Images in a request, where its route has a place for them: elsewhere Ollama does not look at such fields. Pure. */
import type { InferenceBody } from "../protocol/inference.ts";

const PART_TYPES = new Set(["image_url", "image", "input_image"]);

export function imageCount(fields: InferenceBody, path: string): number {
	if (path === "/api/generate") return listLength(fields.images);
	if (path === "/api/chat") return sum(fields.messages ?? [], ({ images }) => listLength(images));
	if (!path.startsWith("/v1/")) return 0;
	return sum([...(fields.messages ?? []), ...itemsOf(fields.input)], ({ content }) => imageParts(content));
}

export function hasImages(fields: InferenceBody, path: string): boolean {
	return imageCount(fields, path) > 0;
}

/** The Responses API puts messages into `input`. */
function itemsOf(input: unknown): { content: unknown }[] {
	if (!Array.isArray(input)) return [];
	return input.filter((item: unknown): item is { content: unknown } => typeof item === "object" && item !== null && "content" in item);
}

function sum<Item>(items: readonly Item[], count: (item: Item) => number): number {
	return items.reduce((total, item) => total + count(item), 0);
}

function listLength(value: unknown): number {
	return Array.isArray(value) ? value.length : 0;
}

function imageParts(content: unknown): number {
	if (!Array.isArray(content)) return 0;
	return content.filter(
		(part: unknown) =>
			typeof part === "object" && part !== null && "type" in part && typeof part.type === "string" && PART_TYPES.has(part.type),
	).length;
}
