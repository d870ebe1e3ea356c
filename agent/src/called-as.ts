/** How this person can call this program again: one that came with npx is on no PATH. Pure. */
export function calledAs(scriptPath: string, routerUrl: string | undefined): string {
	if (routerUrl !== undefined && /[/\\]_npx[/\\]/.test(scriptPath)) return `npx --yes ${routerUrl}/agent.tgz`;
	return "herd-agent";
}
