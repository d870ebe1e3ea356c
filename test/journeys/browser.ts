/** A real browser, and a page in it that remembers everything that went wrong. */
import Chromium from "@sparticuz/chromium";
import { chromium, type Browser, type Page } from "playwright-core";

/** Chosen for environments without processes of their own, which this is not. */
const NOT_HERE = /single-process|no-zygote/;

export async function launchBrowser(): Promise<Browser> {
	return chromium.launch({
		executablePath: await Chromium.executablePath(),
		headless: true,
		args: Chromium.args.filter((flag) => !NOT_HERE.test(flag)),
	});
}

export interface WatchedPage {
	readonly page: Page;
	/** Console errors, uncaught errors, failed requests, and what the content security policy stopped. */
	readonly troubles: readonly string[];
}

export async function openPage(browser: Browser): Promise<WatchedPage> {
	const page = await browser.newPage();
	const troubles: string[] = [];
	page.on("console", (message) => {
		if (message.type() === "error" || message.type() === "warning") troubles.push(`console: ${message.text()}`);
	});
	page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
	page.on("response", (response) => {
		if (response.status() >= 400) troubles.push(`${response.status()} ${response.url()}`);
	});
	await page.exposeFunction("reportViolation", (text: string) => troubles.push(`content security policy: ${text}`));
	await page.addInitScript(WATCH_POLICY);
	return { page, troubles };
}

/** Runs in the page, before anything of its own. */
const WATCH_POLICY = `document.addEventListener("securitypolicyviolation", (event) => reportViolation(event.violatedDirective + " " + event.blockedURI))`;
