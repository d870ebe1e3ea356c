/** Anybody on the internet may use the machines. */
import { AT_ONCE, type Check } from "../check.ts";
import { isPublicHost } from "../public-host.ts";
import { listed } from "../readings.ts";

export const openAccess: Check = {
	id: "open_access",
	...AT_ONCE,
	find: ({ access: { auth, edge, allowedHosts } }) => {
		const names = allowedHosts.filter(isPublicHost);
		if (auth === "keys" || (!edge && names.length === 0)) return [];
		return [
			{
				severity: "critical",
				title: "The router is open to everybody",
				description: `FLEET_AUTH is open, ${edge ? "and it is deployed behind a public address" : `and it answers to ${listed(names)}, which is no local name`}: whoever finds it can run models, and delete them.`,
				fix: "Set FLEET_AUTH=keys. If a proxy in front of it asks for a password, that is enough, and this card can be let be.",
				data: { hosts: names, edge },
			},
		];
	},
};
