/** Every check there is. */
import type { Check } from "../check.ts";
import { batteryLow } from "./battery-low.ts";
import { breakerOpen } from "./breaker-open.ts";
import { bypassClients } from "./bypass-clients.ts";
import { clientDisconnects } from "./client-disconnects.ts";
import { clockSkew } from "./clock-skew.ts";
import { connectionFailures } from "./connection-failures.ts";
import { contextWaste } from "./context-waste.ts";
import { decodeDegraded } from "./decode-degraded.ts";
import { digestMismatch } from "./digest-mismatch.ts";
import { diskNearlyFull } from "./disk-nearly-full.ts";
import { doorOnPublicAddress } from "./door-on-public-address.ts";
import { doorUnreachable } from "./door-unreachable.ts";
import { emptyGenerations } from "./empty-generations.ts";
import { errorRate } from "./error-rate.ts";
import { evictionChurn } from "./eviction-churn.ts";
import { fallbacks } from "./fallbacks.ts";
import { fleetEmpty } from "./fleet-empty.ts";
import { incompleteStreams } from "./incomplete-streams.ts";
import { kvCacheBloat } from "./kv-cache-bloat.ts";
import { linkFlapping } from "./link-flapping.ts";
import { loadTimeouts } from "./load-timeouts.ts";
import { mappedModelMissing } from "./mapped-model-missing.ts";
import { memoryPressure } from "./memory-pressure.ts";
import { modelNotInstalled } from "./model-not-installed.ts";
import { modelSplit } from "./model-split.ts";
import { modelThrashing } from "./model-thrashing.ts";
import { nodeDegraded } from "./node-degraded.ts";
import { nodeFlapping } from "./node-flapping.ts";
import { nodeOffline } from "./node-offline.ts";
import { nodeUnapproved } from "./node-unapproved.ts";
import { ollamaDown } from "./ollama-down.ts";
import { ollamaUnresponsive } from "./ollama-unresponsive.ts";
import { ollamaVersions } from "./ollama-versions.ts";
import { openAccess } from "./open-access.ts";
import { pinMissing } from "./pin-missing.ts";
import { probeFailing } from "./probe-failing.ts";
import { pullFailed } from "./pull-failed.ts";
import { queueSaturated } from "./queue-saturated.ts";
import { reloadByOption } from "./reload-by-option.ts";
import { requestsRefused } from "./requests-refused.ts";
import { retryRate } from "./retry-rate.ts";
import { silentTruncation } from "./silent-truncation.ts";
import { stalledRequests } from "./stalled-requests.ts";
import { thermalThrottling } from "./thermal-throttling.ts";
import { traceStore } from "./trace-store.ts";
import { versionMismatch } from "./version-mismatch.ts";

export const CHECKS: readonly Check[] = [
	batteryLow,
	breakerOpen,
	bypassClients,
	clientDisconnects,
	clockSkew,
	connectionFailures,
	contextWaste,
	decodeDegraded,
	digestMismatch,
	diskNearlyFull,
	doorOnPublicAddress,
	doorUnreachable,
	emptyGenerations,
	errorRate,
	evictionChurn,
	fallbacks,
	fleetEmpty,
	incompleteStreams,
	kvCacheBloat,
	linkFlapping,
	loadTimeouts,
	mappedModelMissing,
	memoryPressure,
	modelNotInstalled,
	modelSplit,
	modelThrashing,
	nodeDegraded,
	nodeFlapping,
	nodeOffline,
	nodeUnapproved,
	ollamaDown,
	ollamaUnresponsive,
	ollamaVersions,
	openAccess,
	pinMissing,
	probeFailing,
	pullFailed,
	queueSaturated,
	reloadByOption,
	requestsRefused,
	retryRate,
	silentTruncation,
	stalledRequests,
	thermalThrottling,
	traceStore,
	versionMismatch,
];
