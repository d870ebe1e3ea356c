import type { ComponentChildren } from "preact";

interface GaugeProps {
	readonly label: string;
	/** 0 to 1; absent when not known, which is no empty bar. */
	readonly filled: number | undefined;
	readonly strained?: boolean;
	readonly children: ComponentChildren;
}

/** One line: what, how full, the figure. */
export function Gauge({ label, filled, strained = false, children }: GaugeProps) {
	const ratio = filled === undefined ? undefined : Math.min(1, Math.max(0, filled));
	return (
		<div class="gauge">
			<span class="gauge-label" title={label}>
				{label}
			</span>
			<span class={strained ? "track strained" : "track"} aria-hidden="true">
				{ratio !== undefined && <span class="fill" style={{ transform: `scaleX(${ratio})` }} />}
			</span>
			<span class="gauge-figure">{children}</span>
		</div>
	);
}
