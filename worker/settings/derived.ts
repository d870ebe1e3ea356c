/** What is made of the settings, made anew when one of them has changed. */
import type { Settings } from "../settings.ts";

/** `read` gives the same object while nothing has changed. */
export function derived<Value>(read: () => Settings, make: (settings: Settings) => Value): () => Value {
	let last: { readonly from: Settings; readonly value: Value } | undefined;
	return () => {
		const settings = read();
		if (last?.from !== settings) last = { from: settings, value: make(settings) };
		return last.value;
	};
}
