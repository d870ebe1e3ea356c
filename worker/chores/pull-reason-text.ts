import type { PullReason } from "../fleet/choose-pull-node.ts";
import { REASON_TEXT } from "../routing/eligibility.ts";

/** Said to a person, after the node's name. */
export const PULL_REASON_TEXT: Record<PullReason, string> = {
	...REASON_TEXT,
	degraded: "has been silent for some seconds",
	"holds-it": "has the model already",
	"disk-too-small": "has too little disk space",
};
