import { useState } from "preact/hooks";
import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { currentAdminKey } from "../admin-key.ts";
import type { Answer } from "../answer.ts";
import { approveNode } from "../api.ts";
import { CopyLine } from "../controls/copy-line.tsx";
import { counted, shellWord } from "../format.ts";
import { NodeHead } from "./node-head.tsx";

type Step = { kind: "asked" } | { kind: "working" } | { kind: "approved" } | { kind: "needs-key" } | { kind: "failed"; words: string };

/** A machine that waits outside until somebody lets it in: who it says it is, and the button. */
export function PendingCard({ node }: { node: NodeSnapshot }) {
	const [step, setStep] = useState<Step>({ kind: "asked" });
	const onApprove = async () => {
		if (currentAdminKey() === undefined) return setStep({ kind: "needs-key" });
		setStep({ kind: "working" });
		setStep(afterApproval(await approveNode(node.node_id)));
	};
	const waits = step.kind === "working" || step.kind === "approved";
	return (
		<article class="node-card status-pending">
			<NodeHead node={node} />
			<p class="aside">{identityWords(node)}</p>
			<p>It gets no requests until you let it in. Approve only a machine you know.</p>
			<button type="button" class="primary" onClick={onApprove} disabled={waits} aria-label={`Approve ${node.node_id}`}>
				{step.kind === "working" ? "Approving" : step.kind === "approved" ? "Approved, joining" : "Approve"}
			</button>
			<div role="status">
				{step.kind === "needs-key" && <HowToApprove nodeId={node.node_id} />}
				{step.kind === "failed" && <p class="tone-broken">{step.words}</p>}
			</div>
		</article>
	);
}

function HowToApprove({ nodeId }: { nodeId: string }) {
	return (
		<>
			<p>This takes the admin key. Open the link that herd prints when it starts, or run this on the router's machine:</p>
			<CopyLine line={`herd nodes approve ${shellWord(nodeId)}`} />
		</>
	);
}

function afterApproval(answer: Answer<unknown>): Step {
	switch (answer.kind) {
		case "good":
		case "unreadable":
			return { kind: "approved" };
		case "unreachable":
			return { kind: "failed", words: "The router did not answer. Try again." };
		case "refused":
			if (answer.status === 401) return { kind: "needs-key" };
			return { kind: "failed", words: answer.message ?? `The router answered with error ${answer.status}.` };
	}
}

function identityWords({ ollama_url, os, ollama }: NodeSnapshot): string {
	return [ollama_url, os, counted(ollama.models_available.length, "model")].filter((part) => part !== "").join(" · ");
}
