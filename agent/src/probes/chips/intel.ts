import type { Chip } from "./chip.ts";

/** Intel Arc, by its marketing name. The first match wins. */
export const INTEL: readonly Chip[] = [
	{ pattern: /Arc.{0,5}Pro B70|Battlemage G31/i, gbps: 608 },
	{ pattern: /Arc.{0,5}Pro B60/i, gbps: 456 },
	{ pattern: /Arc.{0,5}Pro B50/i, gbps: 224 },
	{ pattern: /Arc.{0,5}B580/i, gbps: 456 },
	{ pattern: /Arc.{0,5}B570/i, gbps: 380 },
	{ pattern: /Arc.{0,5}A770M/i, gbps: 512 },
	{ pattern: /Arc.{0,5}A770\b/i, gbps: 560 },
	{ pattern: /Arc.{0,5}A750\b/i, gbps: 512 },
	{ pattern: /Arc.{0,5}A580\b/i, gbps: 512 },
	{ pattern: /Arc.{0,5}A380\b/i, gbps: 186 },
	{ pattern: /Arc.{0,5}A310\b/i, gbps: 124 },
	{ pattern: /Arc.{0,5}1[34]0V/i, gbps: 136.5, unified: true },
];
