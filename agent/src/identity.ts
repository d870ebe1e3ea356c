import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** Only the owner may read it: the secret opens this machine's door. */
const OWNER_ONLY = 0o600;

const IdentitySchema = z.object({
	/** Random, made once: tells two machines of the same name apart. */
	machine_id: z.string().min(8).max(64),
	/** Given by the router when this machine joined. */
	secret: z.string().min(1).optional(),
	/** The owner has drained this machine. */
	draining: z.literal(true).optional(),
	/** The owner has paused this machine, until then if there is a time (epoch milliseconds). */
	pause: z.object({ until: z.number().optional() }).optional(),
	/** Where the owner's commands reach the agent that last ran. */
	door_url: z.string().optional(),
	/** The router of that agent, for `doctor`. */
	router_url: z.string().optional(),
});
export type Identity = z.infer<typeof IdentitySchema>;

/** Who this machine is to its router, kept in the data folder over restarts. */
export class IdentityFile {
	readonly nodeId: string;
	#path: string;
	#identity: Identity;
	#written: Promise<void> = Promise.resolve();

	private constructor(dataDir: string, nodeId: string, identity: Identity) {
		this.nodeId = nodeId;
		this.#path = pathOf(dataDir, nodeId);
		this.#identity = identity;
	}

	/** Undefined when no agent of that name has run here. */
	static async read(dataDir: string, nodeId: string): Promise<IdentityFile | undefined> {
		const known = await readIdentity(pathOf(dataDir, nodeId));
		return known && new IdentityFile(dataDir, nodeId, known);
	}

	/** Reads the file, or makes a new identity when there is none or none that can be read. */
	static async open(dataDir: string, nodeId: string): Promise<IdentityFile> {
		await mkdir(dataDir, { recursive: true });
		const known = await IdentityFile.read(dataDir, nodeId);
		if (known !== undefined) return known;
		const file = new IdentityFile(dataDir, nodeId, { machine_id: randomUUID() });
		await file.#change({});
		return file;
	}

	get machineId(): string {
		return this.#identity.machine_id;
	}

	get secret(): string | undefined {
		return this.#identity.secret;
	}

	get draining(): boolean {
		return this.#identity.draining ?? false;
	}

	get pause(): Identity["pause"] {
		return this.#identity.pause;
	}

	get doorUrl(): string | undefined {
		return this.#identity.door_url;
	}

	get routerUrl(): string | undefined {
		return this.#identity.router_url;
	}

	keepSecret(secret: string): Promise<void> {
		return this.#change({ secret });
	}

	forgetSecret(): Promise<void> {
		return this.#change({ secret: undefined });
	}

	keepDraining(draining: boolean): Promise<void> {
		return this.#change({ draining: draining || undefined });
	}

	keepPause(pause: Identity["pause"]): Promise<void> {
		return this.#change({ pause });
	}

	/** Neither drained nor paused any more. */
	keepInService(): Promise<void> {
		return this.#change({ draining: undefined, pause: undefined });
	}

	keepPlace(doorUrl: string, routerUrl: string): Promise<void> {
		return this.#change({ door_url: doorUrl, router_url: routerUrl });
	}

	/** One after the other: two writers at once would take each other's file away. */
	#change(change: { [Key in keyof Identity]?: Identity[Key] | undefined }): Promise<void> {
		this.#identity = IdentitySchema.parse({ ...this.#identity, ...change });
		const written = this.#written.then(() => this.#write());
		this.#written = written.catch(() => undefined);
		return written;
	}

	/** Written beside and renamed, so that a power cut leaves the old file or the new one, never half of one. */
	async #write(): Promise<void> {
		const beside = `${this.#path}.new`;
		await writeFile(beside, `${JSON.stringify(this.#identity, undefined, "\t")}\n`, { mode: OWNER_ONLY });
		await rename(beside, this.#path);
	}
}

function pathOf(dataDir: string, nodeId: string): string {
	return join(dataDir, `agent-${nodeId}.json`);
}

async function readIdentity(path: string): Promise<Identity | undefined> {
	const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	if (text === undefined) return undefined;
	try {
		return IdentitySchema.parse(JSON.parse(text));
	} catch {
		await rename(path, `${path}.unreadable`);
		return undefined;
	}
}
