/** The page in a real browser: what a person sees, without ever reloading. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, it } from "vitest";
import { allProbes, machineReader } from "../../agent/src/probes/machine.ts";
import { fakeMachine } from "../unit/agent/probes/fake-machine.ts";
import { LINUX_NVIDIA } from "../unit/agent/probes/machines/linux.ts";
import { JOIN_TOKEN_HEADER } from "../../worker/protocol/heartbeat.ts";
import { beatOf, sendBeat } from "./beat.ts";
import { launchBrowser, openPage, type WatchedPage } from "./browser.ts";
import { Household } from "./household.ts";
import { addMachine, startAgentOf } from "./machine.ts";
import { rawRequest } from "./raw-http.ts";
import { until } from "./until.ts";

const MODEL = "llama3.3:70b";

let household: Household;
let browser: Browser;
let pages: WatchedPage[] = [];

beforeAll(async () => {
	[household, browser] = await Promise.all([Household.start(), launchBrowser()]);
	await addMachine(household, { nodeId: "mac-studio" });
	await addMachine(household, { nodeId: "gaming-pc", profile: "gaming-pc" });
	await household.ready("mac-studio", "gaming-pc");
});

/** Every page of every test: nothing may have gone wrong behind what is seen. */
afterEach(async ({ expect }) => {
	for (const { page, troubles } of pages) {
		await page.close();
		expect(troubles).toEqual([]);
	}
	pages = [];
});

afterAll(async () => {
	await browser?.close();
	await household?.stop();
});

async function open(path: string) {
	const watched = await openPage(browser);
	pages.push(watched);
	await watched.page.goto(household.url + path);
	return watched.page;
}

async function chat(tag: string): Promise<void> {
	const body = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Hello" }], stream: false, options: { num_predict: 7 } });
	const response = await fetch(`${household.url}/api/chat`, { method: "POST", headers: { "x-herd-tags": tag }, body });
	await response.arrayBuffer();
}

it("shows every machine with what it holds", async ({ expect }) => {
	const page = await open("/dashboard");
	for (const nodeId of ["mac-studio", "gaming-pc"]) await page.getByRole("heading", { name: nodeId, exact: true }).waitFor();
	await page.locator("article", { hasText: "mac-studio" }).getByText(MODEL).first().waitFor();
	expect(await page.locator("article").count()).toBe(2);
});

it("shows a chat as a row of its own while it is open", async ({ expect }) => {
	const page = await open("/dashboard");
	await page.getByRole("heading", { name: "mac-studio", exact: true }).waitFor();
	await page.evaluate("window.neverReloaded = true");
	await chat("from-the-kitchen");
	const row = page.locator("tr.request-row", { hasText: "from-the-kitchen" });
	await row.waitFor();
	expect(await row.textContent()).toMatch(/llama3\.3:70b.*mac-studio/);
	expect(await page.evaluate("window.neverReloaded")).toBe(true);
});

it("names what a machine's agent can't read there, and why", async ({ expect }) => {
	const failing = { script: "echo NVIDIA-SMI has failed: no driver; exit 9" };
	const machine = await fakeMachine({ ...LINUX_NVIDIA, programs: { "nvidia-smi": failing } });
	const agent = await startAgentOf(household, {
		nodeId: "dim",
		ollamaUrl: "http://127.0.0.1:9",
		token: household.joinToken,
		readMachine: machineReader(allProbes(), machine),
	});
	const page = await open("/dashboard");
	const card = page.locator("article", { hasText: "dim" });
	await card.getByText(/No new figures from nvidia: .*nvidia-smi failed \(9\): NVIDIA-SMI has failed: no driver/).waitFor();
	expect(await card.textContent()).toContain("32 GB");
	await agent.stop();
	await machine.remove();
});

it("opens a row by a click, with the way the request took", async () => {
	await chat("to-be-opened");
	const page = await open("/dashboard");
	await page.locator("tr.request-row", { hasText: "to-be-opened" }).click();
	await page.locator("tr.details-row").getByText("mac-studio").first().waitFor();
});

it("is where a browser lands that asks for the root", async ({ expect }) => {
	const page = await open("/");
	expect(new URL(page.url()).pathname).toBe("/dashboard");
	const curl = await rawRequest(household.port, { method: "GET", path: "/", headers: { Accept: "*/*" } });
	expect([curl.status, curl.body.toString()]).toEqual([200, "Ollama is running"]);
});

it("lets a waiting machine in by a click, with the key of the link that herd prints", async ({ expect }) => {
	await addMachine(household, { nodeId: "newcomer", profile: "nuc", token: undefined });
	await until("it waits", async () => (await household.node("newcomer"))?.status === "pending");
	const page = await open(`/dashboard#key=${household.adminKey}`);
	expect(page.url()).not.toContain(household.adminKey);
	await page.getByRole("button", { name: "Approve newcomer" }).click();
	await household.ready("newcomer");
	await page.locator("article.status-online", { hasText: "newcomer" }).waitFor();
});

it("tells how to let a machine in when it has no key", async ({ expect }) => {
	await addMachine(household, { nodeId: "unkeyed", profile: "nuc", token: undefined });
	await until("it waits", async () => (await household.node("unkeyed"))?.status === "pending");
	const page = await open("/dashboard");
	await page.getByRole("button", { name: "Approve unkeyed" }).click();
	await page.getByText("herd nodes approve unkeyed").first().waitFor();
	expect((await household.node("unkeyed"))?.status).toBe("pending");
});

it("tells whose a machine is now and usually, with the week as a drawing that has its words", async ({ expect }) => {
	const week = Array.from({ length: 168 }, (_, hour) => (hour >= 9 && hour < 12 ? 72 : hour < 96 ? 4 : null));
	const in30Days = Date.now() + 30 * 86_400_000;
	const learned = { availability_score: 0, learning_confidence: 0.62, days_observed: 19, week };
	const capacity = { mode: "paused" as const, reason: "paused_by_owner", override_active: true, until: in30Days, ...learned };
	await sendBeat(household.url, { ...beatOf("laptop", "machine-of-laptop"), capacity }, { [JOIN_TOKEN_HEADER]: household.joinToken });
	const page = await open("/dashboard");
	const card = page.locator("article", { hasText: "laptop" });
	await card.getByText(/^Paused by its owner until \d+ \w+ \d\d:\d\d\./).waitFor();
	await card.getByText("Its owner's week, known to 62 % after 19 d").click();
	const drawing = card.getByRole("img", { name: "Usually its owner's: Mon 9–12." });
	await drawing.waitFor();
	expect(await drawing.locator(".capacity-bar").count()).toBe(168);
	await card.locator("figcaption").getByText("Usually its owner's: Mon 9–12.").waitFor();
});
