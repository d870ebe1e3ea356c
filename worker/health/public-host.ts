/** Whether a name or an address can be reached from anywhere. Pure. */

/** The same that the guard of host names takes for local, and what no public name has. */
const LOCAL_SUFFIX = /\.(?:localhost|local|lan|home\.arpa|internal|ts\.net|fritz\.box)$/;
/** This machine, private networks, link-local, carrier-grade NAT (Tailscale's). */
const PRIVATE_V4 = /^(?:0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
const PRIVATE_V6 = /^(?:::1?$|f[cd]|fe[89ab])/;

export function isPublicHost(host: string): boolean {
	const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
	if (/^\d+(?:\.\d+){3}$/.test(name)) return !PRIVATE_V4.test(name);
	if (name.includes(":")) return !PRIVATE_V6.test(name);
	return name.includes(".") && !LOCAL_SUFFIX.test(name);
}
