/** What the scenarios ask: short, seeded, and the same for both ways. */
import { MODELS } from "../pair.ts";

export const QUESTION = "Tell me about lighthouses";
export const HELLO = [{ role: "user" as const, content: QUESTION }];
/** Keeps answers short. */
export const FEW = { num_predict: 12, seed: 3 };
export const CHAT = { model: MODELS.chat, messages: HELLO };

/** For OpenAI's and Anthropic's clients. */
export const FEW_TOKENS = { max_tokens: 12 };

export const CITY_SCHEMA = {
	type: "object",
	properties: { city: { type: "string" }, people: { type: "integer" }, rivers: { type: "array", items: { type: "string" } } },
	required: ["city", "people", "rivers"],
} as const;

/** A PNG of one white pixel. */
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/58BAwAI/AL+hc2rNAAAAABJRU5ErkJggg==";

/** The versions of Ollama that the recordings cover. */
export const VERSIONS = ["0.32.15", "0.24.0"] as const;
/** For what both do alike, the newer one is enough. */
export const NEWEST = "0.32.15";
