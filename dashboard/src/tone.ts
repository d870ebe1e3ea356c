/** The only four meanings that colour may repeat. */
export type Tone = "ok" | "attention" | "broken" | "resting";
