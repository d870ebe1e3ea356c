/** Asks before anything is lost. The words say what, how much and where. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import "./confirm.css";

interface ConfirmProps {
	readonly title: string;
	/** What the button does, as a verb with its object: `Delete 43 GB`. */
	readonly deed: string;
	readonly onYes: () => void;
	readonly onNo: () => void;
	readonly children: ComponentChildren;
}

/** Shown as long as it is there; Escape is a no. */
export function Confirm({ title, deed, onYes, onNo, children }: ConfirmProps) {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		dialog.current?.showModal();
	}, []);
	return (
		<dialog ref={dialog} class="confirm" aria-labelledby="confirm-title" onCancel={onNo}>
			<h2 id="confirm-title">{title}</h2>
			{children}
			<div class="confirm-choice">
				<button onClick={onNo}>Cancel</button>
				<button class="primary" onClick={onYes}>
					{deed}
				</button>
			</div>
		</dialog>
	);
}
