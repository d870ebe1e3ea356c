/** Metrics as text: Prometheus' exposition format 0.0.4. Pure. */
import type { Family, Labels, Sample } from "./family.ts";

export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export function exposition(families: readonly Family[]): string {
	return families.map(familyText).join("");
}

function familyText({ name, help, type, samples }: Family): string {
	const head = `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n`;
	return head + samples.map((sample) => `${sampleText(name, sample)}\n`).join("");
}

function sampleText(name: string, { labels, value, suffix }: Sample): string {
	return `${name}${suffix ?? ""}${labelsText(labels)} ${numberText(value)}`;
}

function labelsText(labels: Labels): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`);
	return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
	return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** JavaScript's own form is Go's as well, but for the infinities. */
function numberText(value: number): string {
	if (value === Infinity) return "+Inf";
	return value === -Infinity ? "-Inf" : String(value);
}
