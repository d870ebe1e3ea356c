import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface TokenFacts {
	token?: string;
	tokenFile?: string;
	dataDir: string;
}

/**
 * The flag, the file that was named, and on the router's own machine the one in its data folder.
 * Rejects when the file that was named can't be read.
 */
export async function readJoinToken({ token, tokenFile, dataDir }: TokenFacts): Promise<string | undefined> {
	if (token !== undefined) return token;
	if (tokenFile !== undefined) return wordIn(tokenFile);
	return wordIn(join(dataDir, "join-token")).catch(() => undefined);
}

async function wordIn(path: string): Promise<string | undefined> {
	const text = (await readFile(path, "utf8")).trim();
	return text === "" ? undefined : text;
}
