import { describe, it } from "vitest";
import {
	ago,
	contextLength,
	count,
	counted,
	duration,
	gigabytes,
	inWords,
	shellWord,
	span,
	tokensPerSecond,
} from "../../../dashboard/src/format.ts";

describe("durations", () => {
	it.for([
		[0, "0 ms"],
		[0.4, "0 ms"],
		[412.4, "412 ms"],
		[999.6, "1.0 s"],
		[1_300, "1.3 s"],
		[59_940, "59.9 s"],
		[59_960, "1 min"],
		[132_000, "2.2 min"],
		[3_600_000, "1 h"],
		[47 * 3_600_000, "47 h"],
		[12 * 86_400_000, "12 d"],
	] as const)("%d ms is shown as %s", ([ms, words], { expect }) => {
		expect(inWords(duration(ms))).toBe(words);
	});

	it("shows what is unknown as a dash, never as zero", ({ expect }) => {
		expect(inWords(duration(null))).toBe("–");
		expect(inWords(count(undefined))).toBe("–");
		expect(inWords(gigabytes(undefined))).toBe("–");
		expect(inWords(tokensPerSecond(undefined))).toBe("–");
	});
});

describe("sizes and counts", () => {
	it("keeps to three significant digits", ({ expect }) => {
		const shown = [18.23, 99.96, 131.4, 0.45, 4, 1843.2].map((size) => inWords(gigabytes(size)));
		expect(shown).toEqual(["18.2 GB", "100 GB", "131 GB", "461 MB", "4 GB", "1.8 TB"]);
	});

	it("shortens large counts", ({ expect }) => {
		const shown = [0, 999, 1000, 12_900, 999_499, 999_500, 1_250_000].map((value) => inWords(count(value)));
		expect(shown).toEqual(["0", "999", "1 k", "12.9 k", "999 k", "1 M", "1.3 M"]);
	});

	it("tells context lengths in powers of two and an unread one as unknown", ({ expect }) => {
		expect([8192, 131_072, 512, 0].map((tokens) => inWords(contextLength(tokens)))).toEqual(["8 k", "128 k", "512", "–"]);
	});

	it("knows one from many", ({ expect }) => {
		expect([counted(1, "machine"), counted(0, "machine"), counted(5, "machine")]).toEqual(["1 machine", "0 machines", "5 machines"]);
	});
});

describe("relative times", () => {
	it("counts in whole units", ({ expect }) => {
		expect([1_500, 12_900, 200_000, 7_300_000, 3 * 86_400_000].map((ms) => ago(0, ms))).toEqual([
			"now",
			"12 s ago",
			"3 min ago",
			"2 h ago",
			"3 d ago",
		]);
	});

	it("takes the future for a clock's error", ({ expect }) => {
		expect(ago(5_000, 0)).toBe("now");
		expect(span(-1)).toBe("0 s");
	});
});

describe("words for a shell", () => {
	it("leaves plain names as they are", ({ expect }) => {
		expect(shellWord("mac-studio.local")).toBe("mac-studio.local");
	});

	it.for(["a b", "$(reboot)", "a;b", "it's", "--force", "", "<img src=x>", "a\nb"])("quotes %j", (text, { expect }) => {
		const quoted = shellWord(text);
		expect(quoted).toMatch(/^'[^]*'$/);
		expect(quoted.slice(1, -1).replaceAll(`'\\''`, "'")).toBe(text);
	});
});
