import { useEffect, useState } from "preact/hooks";

/** How long "Copied" stays before the button offers itself again. */
const SAID_FOR_MS = 2000;

type Outcome = "ready" | "copied" | "by-hand";

const LABEL: Record<Outcome, string> = { ready: "Copy", copied: "Copied", "by-hand": "Press Ctrl C" };

/** A line for a terminal, with a button that copies it. */
export function CopyLine({ line }: { line: string }) {
	const [outcome, setOutcome] = useState<Outcome>("ready");
	useEffect(() => {
		if (outcome === "ready") return;
		const timer = setTimeout(() => setOutcome("ready"), SAID_FOR_MS);
		return () => clearTimeout(timer);
	}, [outcome]);
	const onCopy = async (event: MouseEvent & { currentTarget: HTMLElement }) => {
		const shown = event.currentTarget.previousElementSibling;
		setOutcome((await copyText(line, shown)) ? "copied" : "by-hand");
	};
	return (
		<span class="copy-line">
			<code>{line}</code>
			<button type="button" onClick={onCopy} aria-label={`${LABEL[outcome]}: ${line}`}>
				{LABEL[outcome]}
			</button>
		</span>
	);
}

/** Browsers give the clipboard to pages on https and localhost only; elsewhere in the house the old command still works. */
async function copyText(text: string, shown: Element | null): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		if (!shown) return false;
		getSelection()?.selectAllChildren(shown);
		return document.execCommand("copy");
	}
}
