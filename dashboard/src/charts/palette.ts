/** The page's colours, for what is drawn on a canvas. */
export interface Palette {
	readonly soft: string;
	readonly line: string;
	readonly compared: string;
	readonly band: string;
	/** Of one hue, from faint to the accent. */
	readonly tints: readonly string[];
	readonly font: string;
}

export function paletteOf(element: Element): Palette {
	const style = getComputedStyle(element);
	const colour = (name: string) => style.getPropertyValue(name).trim();
	return {
		soft: colour("--text-soft"),
		line: colour("--line"),
		compared: colour("--fill"),
		band: `color-mix(in srgb, ${colour("--series-4")} 16%, transparent)`,
		tints: [1, 2, 3, 4].map((tint) => colour(`--series-${tint}`)),
		font: `12px ${style.fontFamily}`,
	};
}
