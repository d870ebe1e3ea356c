import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** Only the owner may read it: the secret opens this machine's door. */
const OWNER_ONLY = 0o600;

const IdentitySchema = z.object({
	/** Random, made once: tells two machines of the same name apart. */
	machine_id: z.string().min(8).max(64),
	/** Given by the router when this machine joined. */
	secret: z.string().min(1).optional(),
});
export type Identity = z.infer<typeof IdentitySchema>;

/** Who this machine is to its router, kept in the data folder over restarts. */
export class IdentityFile {
	#path: string;
	#identity: Identity;

	private constructor(path: string, identity: Identity) {
		this.#path = path;
		this.#identity = identity;
	}

	/** Reads the file, or makes a new identity when there is none or none that can be read. */
	static async open(dataDir: string, nodeId: string): Promise<IdentityFile> {
		await mkdir(dataDir, { recursive: true });
		const path = join(dataDir, `agent-${nodeId}.json`);
		const known = await readIdentity(path);
		if (known !== undefined) return new IdentityFile(path, known);
		const file = new IdentityFile(path, { machine_id: randomUUID() });
		await file.#write();
		return file;
	}

	get machineId(): string {
		return this.#identity.machine_id;
	}

	get secret(): string | undefined {
		return this.#identity.secret;
	}

	async keepSecret(secret: string): Promise<void> {
		this.#identity = { ...this.#identity, secret };
		await this.#write();
	}

	async forgetSecret(): Promise<void> {
		this.#identity = { machine_id: this.#identity.machine_id };
		await this.#write();
	}

	/** Written beside and renamed, so that a power cut leaves the old file or the new one, never half of one. */
	async #write(): Promise<void> {
		const beside = `${this.#path}.new`;
		await writeFile(beside, `${JSON.stringify(this.#identity, undefined, "\t")}\n`, { mode: OWNER_ONLY });
		await rename(beside, this.#path);
	}
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
