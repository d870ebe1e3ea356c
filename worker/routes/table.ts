/** Every route there is. The guard before each, and the tests of the guards, are made from its rows. */
import { agentRoutes } from "./agents.ts";
import { dashboardRoutes } from "./dashboard.ts";
import { fleetRoutes } from "./fleet.ts";
import { inferenceRoutes } from "./inference.ts";
import { listingRoutes } from "./listings.ts";
import { notYetRoutes } from "./not-yet.ts";
import type { Route } from "./route.ts";

export const ROUTES: readonly Route[] = [
	...inferenceRoutes,
	...listingRoutes,
	...fleetRoutes,
	...agentRoutes,
	...dashboardRoutes,
	...notYetRoutes,
];
