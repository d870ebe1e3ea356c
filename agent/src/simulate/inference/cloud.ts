/** Cloud models need a machine that can reach its maker; a simulated one never can. */

/** The words of a machine that can't reach the cloud. */
export function unreachable(path: string, now: number): string {
	return `Post "https://ollama.com:443${path}?ts=${Math.floor(now / 1000)}": dial tcp: lookup ollama.com on 127.0.0.53:53: no such host`;
}
