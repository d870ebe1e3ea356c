/** Before any test: what the routers run and serve is built, so that no two of them build it side by side. */
import { buildAll } from "../../local/build/build.ts";

export async function setup(): Promise<void> {
	await buildAll();
}
