/** Every route there is. The guard before each, and the tests of the guards, are made from its rows. */
import { agentRoutes } from "./agents.ts";
import { benchmarkRoutes } from "./benchmarks.ts";
import { countTokensRoutes } from "./count-tokens.ts";
import { dashboardRoutes } from "./dashboard.ts";
import { explainRoutes } from "./explain.ts";
import { fleetRoutes } from "./fleet.ts";
import { importRoutes } from "./imports.ts";
import { inferenceRoutes } from "./inference.ts";
import { listingRoutes } from "./listings.ts";
import { blobRoutes } from "./manage/blobs.ts";
import { jobRoutes } from "./manage/jobs.ts";
import { manageRoutes } from "./manage/manage.ts";
import { modelRoutes } from "./models.ts";
import { notYetRoutes } from "./not-yet.ts";
import { observingRoutes } from "./observing.ts";
import { pinRoutes } from "./pins.ts";
import { reportRoutes } from "./reports.ts";
import { restartRoutes } from "./restart-ollama.ts";
import type { Route } from "./route.ts";
import { serviceRoutes } from "./service.ts";
import { settingsRoutes } from "./settings.ts";
import { showRoutes } from "./show.ts";
import { traceRoutes } from "./traces.ts";
import { standingRoutes } from "./standing.ts";

export const ROUTES: readonly Route[] = [
	...inferenceRoutes,
	...countTokensRoutes,
	...listingRoutes,
	...modelRoutes,
	...showRoutes,
	...manageRoutes,
	...blobRoutes,
	...jobRoutes,
	...fleetRoutes,
	...explainRoutes,
	...observingRoutes,
	...pinRoutes,
	...settingsRoutes,
	...benchmarkRoutes,
	...agentRoutes,
	...standingRoutes,
	...restartRoutes,
	...serviceRoutes,
	...dashboardRoutes,
	...traceRoutes,
	...reportRoutes,
	...importRoutes,
	...notYetRoutes,
];
