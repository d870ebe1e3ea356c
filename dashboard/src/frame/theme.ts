/** Light, dark, or as the system has it: kept in this browser. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const STORED_AS = "herd-theme";

export function storedTheme(): Theme {
	try {
		const stored = localStorage.getItem(STORED_AS);
		return THEMES.find((theme) => theme === stored) ?? "system";
	} catch {
		return "system";
	}
}

export function wearTheme(theme: Theme): void {
	if (theme === "system") delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme;
	try {
		localStorage.setItem(STORED_AS, theme);
	} catch {
		// A browser that forbids storage forgets it with the page
	}
}
