/** Every route against every kind of caller: made from the same table as the routes themselves. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { app } from "../../worker/app.ts";
import type { Route } from "../../worker/routes/route.ts";
import { ROUTES } from "../../worker/routes/table.ts";

const ADMIN = "admin-key-of-the-tests";
const ORIGINS = { none: undefined, own: "http://nas.local:11435", foreign: "https://evil.example" } as const;

interface Caller {
	host?: string;
	origin?: keyof typeof ORIGINS;
	auth?: "open" | "keys";
	admin?: boolean;
	contentType?: string;
}

async function call(
	route: Route,
	{ host = "nas.local:11435", origin = "none", auth = "open", admin = false, contentType = "application/json" }: Caller,
) {
	const headers = new Headers({ host, "content-type": contentType });
	if (ORIGINS[origin]) headers.set("origin", ORIGINS[origin]);
	if (admin) headers.set("authorization", `Bearer ${ADMIN}`);
	const url = `http://nas.local:11435${route.path.replace(":id", "nobody").replace(":file", "x.js")}`;
	const body = route.method === "GET" ? null : "{}";
	const response = await app.fetch(
		new Request(url, { method: route.method, headers, body }),
		{ ...env, FLEET_AUTH: auth },
		createExecutionContext(),
	);
	return { status: response.status, text: await response.text() };
}

const GUARDED = /is not one of this router's names|may not call this router|needs the admin key|needs a key|is not taken here/;

describe.for(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))("%s", ([, route]) => {
	it("is not reached under a foreign host name", async ({ expect }) => {
		expect(await call(route, { host: "evil.example" })).toMatchObject({
			status: 403,
			text: expect.stringContaining("FLEET_ALLOWED_HOSTS"),
		});
	});

	it("is reached from a foreign page only when it changes nothing and is not Ollama's, who refuses such pages everywhere", async ({
		expect,
	}) => {
		const { status, text } = await call(route, { origin: "foreign" });
		if (route.effects || /^\/(?:api\/|v1\/|$)/.test(route.path))
			expect({ status, text }).toMatchObject({ status: 403, text: expect.stringContaining("FLEET_CORS_ORIGINS") });
		else expect(text).not.toMatch(/may not call this router/);
	});

	it("is reached from no page and from the router's own, unless it is the admin's", async ({ expect }) => {
		for (const origin of ["none", "own"] as const) {
			const { status, text } = await call(route, { origin });
			if (route.access === "admin") expect(status).toBe(401);
			else expect(text).not.toMatch(GUARDED);
		}
	});

	it("asks for a key once keys are required, except where it is public or a node's", async ({ expect }) => {
		const { status, text } = await call(route, { auth: "keys" });
		if (route.access === "public" || route.access === "node") expect(text).not.toMatch(GUARDED);
		else expect(status).toBe(401);
	});

	it("lets the admin's key through every guard but the content type's", async ({ expect }) => {
		const { text } = await call(route, { admin: true, auth: "keys", origin: "foreign", host: "evil.example" });
		expect(text).not.toMatch(GUARDED);
	});

	it("takes other content types than JSON unless it is a management post", async ({ expect }) => {
		if (route.method !== "POST" || route.access === "admin") return;
		const { status } = await call(route, { contentType: "application/x-www-form-urlencoded" });
		if (route.jsonOnly) expect(status).toBe(415);
		else expect(status).not.toBe(415);
	});
});

describe("approving", () => {
	const approve = (auth: "open" | "keys", edge = "false") => {
		const request = new Request("http://localhost/fleet/nodes/nobody/approve", {
			method: "POST",
			headers: { host: "localhost", "content-type": "application/json" },
			body: "{}",
		});
		return app.fetch(
			request,
			{ ...env, FLEET_AUTH: auth, FLEET_ADMIN_KEY: "", FLEET_EDGE: edge, FLEET_ALLOWED_HOSTS: "localhost" },
			createExecutionContext(),
		);
	};

	it("needs no key only where none is set and everything else is open too", async ({ expect }) => {
		expect((await approve("open")).status).toBe(404);
		expect((await approve("keys")).status).toBe(401);
		expect((await approve("open", "true")).status).toBe(401);
	});
});

describe("the table", () => {
	it("checks the origin of everything that changes something, and demands JSON of every management post", ({ expect }) => {
		for (const route of ROUTES) {
			if (route.method !== "GET") expect(route.effects, route.path).toBe(true);
			const managed = /^\/(?:dashboard\/api|fleet|heartbeat)/.test(route.path);
			if (route.method === "POST" && managed) expect(route.jsonOnly, route.path).toBe(true);
		}
	});

	it("leaves what changes the machines' disks and memory to the admin where keys are required", ({ expect }) => {
		const disk = /^[A-Z]+ \/(?:api\/(?:pull|push|create|copy|delete|blobs\/)|fleet\/pulls\/)/;
		const memory = /^(?:POST|DELETE) \/(?:fleet\/pin|dashboard\/api\/pinned-models)/;
		const page = /^(?:POST|DELETE) \/dashboard\/api\/(?:pull|delete|jobs|settings|benchmarks)/;
		for (const { method, path, access } of ROUTES) {
			const line = `${method} ${path}`;
			expect(access === "manage", line).toBe(disk.test(line) || memory.test(line) || page.test(line));
		}
	});
});
