import { useState } from "preact/hooks";
import { storedTheme, type Theme, THEMES, wearTheme } from "./theme.ts";

const LABELS: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

export function ThemeSwitch() {
	const [theme, setTheme] = useState(storedTheme);
	const choose = (chosen: Theme) => {
		wearTheme(chosen);
		setTheme(chosen);
	};
	return (
		<label class="theme-switch">
			<span class="aside">Colours</span>
			<select value={theme} onChange={({ currentTarget }) => choose(currentTarget.value as Theme)}>
				{THEMES.map((one) => (
					<option key={one} value={one}>
						{LABELS[one]}
					</option>
				))}
			</select>
		</label>
	);
}
