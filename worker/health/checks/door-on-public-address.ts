/** Prompts travel to a machine over the internet in the clear. */
import { AT_ONCE, type Check } from "../check.ts";
import { isPublicHost } from "../public-host.ts";
import { nodesThere } from "../readings.ts";

export const doorOnPublicAddress: Check = {
	id: "door_on_public_address",
	...AT_ONCE,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, beat: { door_url: doorUrl } }) => {
			if (!doorUrl?.startsWith("http:") || !isPublicHost(new URL(doorUrl).hostname)) return [];
			return [
				{
					severity: "warning",
					title: `Prompts for ${nodeId} travel in the clear`,
					description: `Its door is at ${doorUrl}, a public address without encryption.`,
					fix: "Give the door an https address (`--advertise https://…` with a proxy in front of it), or reach it over a VPN such as Tailscale or WireGuard.",
					nodeId,
					data: { door_url: doorUrl },
				},
			];
		}),
};
