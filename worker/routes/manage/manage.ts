/** Changes to the models on the machines. Open as Ollama is, or the admin's where keys are required. */
import { createModel } from "../../chores/create.ts";
import { copyModel, deleteModel } from "../../chores/everywhere.ts";
import { pull } from "../../chores/pull.ts";
import { push } from "../../chores/push.ts";
import { choreHandler } from "../chore.ts";
import type { Route } from "../route.ts";

const manage = { method: "POST", access: "manage", effects: true, jsonOnly: false } as const;

export const manageRoutes: Route[] = [
	{ ...manage, path: "/api/pull", handle: choreHandler(pull) },
	{ ...manage, path: "/api/copy", handle: choreHandler(copyModel) },
	{ ...manage, path: "/api/create", handle: choreHandler(createModel) },
	{ ...manage, path: "/api/push", handle: choreHandler(push) },
	{ ...manage, method: "DELETE", path: "/api/delete", handle: choreHandler(deleteModel) },
];
