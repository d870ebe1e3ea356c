/** Images in a request, in every form the dialects have. Pure. */
import type { InferenceBody } from "../protocol/inference.ts";

const PART_TYPES = new Set(["image_url", "image", "input_image"]);

export function imageCount(fields: InferenceBody): number {
	let count = listLength(fields.images);
	for (const message of fields.messages ?? []) count += listLength(message.images) + imageParts(message.content);
	return count;
}

export function hasImages(fields: InferenceBody): boolean {
	return imageCount(fields) > 0;
}

function listLength(value: unknown): number {
	return Array.isArray(value) ? value.length : 0;
}

function imageParts(content: unknown): number {
	if (!Array.isArray(content)) return 0;
	return content.filter((part: unknown) => typeof part === "object" && part !== null && "type" in part && PART_TYPES.has(String(part.type)))
		.length;
}
