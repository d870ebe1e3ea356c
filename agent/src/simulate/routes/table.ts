/** All routes of a simulated Ollama. */
import { anthropicRoutes } from "./anthropic.ts";
import { cloudRoutes } from "./cloud.ts";
import { createRoutes } from "./create.ts";
import { listingRoutes } from "./listing.ts";
import { manageRoutes } from "./manage.ts";
import { nativeEmbedRoutes } from "./native-embed.ts";
import { nativeInferenceRoutes } from "./native-inference.ts";
import { openaiChatRoutes } from "./openai-chat.ts";
import { openaiCompletionsRoutes } from "./openai-completions.ts";
import { openaiEmbeddingsRoutes } from "./openai-embeddings.ts";
import { responsesRoutes } from "./responses.ts";
import type { Route } from "./route.ts";
import { showRoutes } from "./show.ts";

export const ROUTES: readonly Route[] = [
	...listingRoutes,
	...showRoutes,
	...nativeInferenceRoutes,
	...nativeEmbedRoutes,
	...manageRoutes,
	...createRoutes,
	...cloudRoutes,
	...openaiChatRoutes,
	...openaiCompletionsRoutes,
	...openaiEmbeddingsRoutes,
	...responsesRoutes,
	...anthropicRoutes,
];
