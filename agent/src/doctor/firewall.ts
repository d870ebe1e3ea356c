/** How a port is opened on each system; pure. */
export function firewallAdvice(platform: NodeJS.Platform, port: string): string {
	const elsewhere = "In a container or behind a proxy, say where it is reached with --advertise";
	switch (platform) {
		case "darwin":
			return `Allow node in System Settings, Network, Firewall. ${elsewhere}`;
		case "win32":
			return `As administrator: New-NetFirewallRule -DisplayName herd-agent -Direction Inbound -Action Allow -Protocol TCP -LocalPort ${port}. ${elsewhere}`;
		default:
			return `Let port ${port} in, such as: sudo ufw allow ${port}/tcp, or sudo firewall-cmd --add-port=${port}/tcp --permanent. ${elsewhere}`;
	}
}
