import { useState } from "preact/hooks";
import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import type { Trace } from "../../../worker/protocol/trace.ts";
import { useHeldList } from "./held-list.ts";
import { NoRequests } from "./no-requests.tsx";
import { RequestTable } from "./request-table.tsx";
import "./requests.css";

const NONE: readonly Trace[] = [];

interface RequestsSectionProps {
	readonly traces: readonly Trace[] | undefined;
	/** Why the list is not fresh. */
	readonly trouble: string | undefined;
	readonly nodes: readonly NodeSnapshot[];
	readonly now: number;
}

/** The last requests. The list stands still under a mouse, a keyboard's focus or an opened row, and says how many came since. */
export function RequestsSection({ traces, trouble, nodes, now }: RequestsSectionProps) {
	const [pointed, setPointed] = useState(false);
	const [focused, setFocused] = useState(false);
	const [openId, setOpenId] = useState<string>();
	const { shown, newer } = useHeldList(traces ?? NONE, pointed || focused || openId !== undefined);
	const letGo = () => {
		setOpenId(undefined);
		setPointed(false);
		setFocused(false);
	};
	return (
		<section aria-labelledby="requests">
			<div class="section-head">
				<h2 id="requests">Last requests</h2>
				<span class="aside">{trouble}</span>
				{newer > 0 && (
					<button type="button" class="quiet" onClick={letGo}>
						{newer === 1 ? "1 newer, show it" : `${newer} newer, show them`}
					</button>
				)}
			</div>
			{traces?.length === 0 && <NoRequests nodes={nodes} />}
			{shown.length > 0 && (
				<div
					class="request-list"
					onPointerEnter={(event) => setPointed(event.pointerType === "mouse")}
					onPointerLeave={() => setPointed(false)}
					onFocusIn={(event) => setFocused(isByKeyboard(event.target))}
					onFocusOut={() => setFocused(false)}
				>
					<RequestTable traces={shown} openId={openId} onToggle={(id) => setOpenId(id === openId ? undefined : id)} now={now} />
				</div>
			)}
		</section>
	);
}

/** A tap also focuses, but says nothing about reading on. */
function isByKeyboard(target: EventTarget | null): boolean {
	return target instanceof Element && target.matches(":focus-visible");
}
