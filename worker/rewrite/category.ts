/** What a model is for, where no catalogue says (reference/ollama-herd.md 8.2). Pure. */
import type { FleetModel } from "./fleet-model.ts";

const BY_NAME: readonly (readonly [RegExp, string])[] = [
	[/embed|minilm|\bbge\b|arctic/, "embedding"],
	[/coder|codestral|devstral|starcoder/, "coding"],
	[/deepseek-r1|phi-?4|reasoning|qwq|gpt-oss/, "reasoning"],
	[/creative|mistral-nemo|story/, "creative"],
	[/vision|llava|moondream|minicpm-v|-vl\b/, "vision"],
	[/^x\//, "image"],
];

export function categoryOf(model: FleetModel): string {
	if (model.category !== undefined) return model.category;
	if (model.capabilities && !model.capabilities.includes("completion"))
		return model.capabilities.includes("embedding") ? "embedding" : "other";
	return BY_NAME.find(([pattern]) => pattern.test(model.name.toLowerCase()))?.[1] ?? "general";
}

const NOT_FOR_CHAT = new Set(["embedding", "vision-embedding", "image", "other"]);

/** False for embedding and image models, which must never stand in for a model that talks. */
export function talks(model: FleetModel): boolean {
	return (model.capabilities?.includes("completion") ?? true) && !NOT_FOR_CHAT.has(categoryOf(model));
}
