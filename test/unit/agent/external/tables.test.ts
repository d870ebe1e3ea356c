import { describe, it } from "vitest";
import { endpoint } from "../../../../agent/src/external/connection.ts";
import { macosReader, parseMacosNetstat, sightingsOf } from "../../../../agent/src/external/netstat-macos.ts";
import { parseWindowsNetstat } from "../../../../agent/src/external/netstat-windows.ts";
import { parseProcNet } from "../../../../agent/src/external/proc-net.ts";
import { parseTicks } from "../../../../agent/src/external/runner-load.ts";
import { parseSs } from "../../../../agent/src/external/ss.ts";

/** Recorded, then shortened and given other addresses: streams, has answered, was just asked for the first time, was opened and never used. */
const SS = `0      0      [::ffff:127.0.0.1]:11434 [::ffff:127.0.0.1]:41368
	 cubic wscale:10,10 rto:204 rtt:0.033/0.005 ato:40 mss:32768 cwnd:18 bytes_sent:192 bytes_acked:192 bytes_received:176 segs_out:13 segs_in:15 data_segs_out:12 data_segs_in:1 send 142987636364bps lastsnd:100 lastrcv:2504 lastack:100 app_limited rcv_space:65483 minrtt:0.022
0      0          127.0.0.1:11434     127.0.0.1:41378
	 cubic wscale:10,10 rto:204 rtt:0.006/0.002 ato:40 mss:32768 cwnd:11 bytes_sent:101 bytes_acked:101 bytes_received:65 segs_out:4 segs_in:6 lastsnd:2500 lastrcv:2516 lastack:2500 rcv_space:65483
0      0      [fe80::1]%eth0:11434 [fe80::2]%eth0:41376
	 cubic wscale:10,10 rto:200 rtt:0.011/0.005 ato:40 cwnd:10 bytes_received:174 segs_out:1 segs_in:3 data_segs_in:1 lastsnd:2504 lastack:2504 minrtt:0.011
0      0              [::1]:11434         [::1]:41380
	 cubic wscale:10,10 rto:200 rtt:0.011/0.005 cwnd:10 segs_out:1 segs_in:2 lastsnd:90 lastrcv:90 lastack:90 minrtt:0.011
`;

/** Recorded, then given other addresses: a listener, both ends of a connection, one that ends, a foreign port. */
const PROC_TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 31415 1 0000000072edb9d2 100 0 0 10 0
   1: 0100007F:A18C 0100007F:2CAA 01 00000000:00000000 02:00001672 00000000  1000        0 846464 2 0000000013391a61 20 4 30 11 -1
   2: 0100007F:2CAA 0100007F:A18C 01 00000000:00000000 02:00000034 00000000   998        0 846465 2 00000000edb5d8f0 20 4 31 11 -1
   3: 0100007F:2CAA 0100007F:A18E 08 00000000:00000000 00:00000000 00000000   998        0 846467 1 000000008d579862 20 4 30 18 -1
   4: 0A01A8C0:2CAA 1401A8C0:C350 01 00000000:00000000 02:00000034 00000000   998        0 846469 2 0000000010a4d41b 20 4 30 11 -1
   5: 0100007F:2CAB 0100007F:A190 01 00000000:00000000 02:00000034 00000000   998        0 846471 2 000000002420f2bf 20 4 30 11 -1
`;
const PROC_TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:2CAA 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 846463 1 0000000072edb9d2 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:2CAA 0000000000000000FFFF00000100007F:A198 01 00000000:00000000 00:00000000 00000000     0        0 846467 2 000000008d579862 20 4 30 18 -1
   2: 00000000000000000000000001000000:2CAA 00000000000000000000000001000000:A1A2 01 00000000:00000000 00:00000000 00000000     0        0 846475 1 00000000900b5769 20 4 31 11 -1
`;

/** Written in the layout of macOS 13 to 26, and below that of older ones; not recorded. */
const MACOS = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp4       0      0  127.0.0.1.11434        127.0.0.1.59360        ESTABLISHED          174            0  407872  146988           ollama:46708  00102 00000020 0000000000028d0f 00000080 01000900      1      0 000000
tcp4       0      0  127.0.0.1.59360        127.0.0.1.11434        ESTABLISHED            0          174  407872  146988    Google Chrome He:700   00102 00000020 0000000000028d10 00000080 01000900      1      0 000000
tcp6       0      0  ::1.11434              ::1.59362              ESTABLISHED          174         2048  407872  146988           ollama:46708  00102 00000020 0000000000028d11 00000080 01000900      1      0 000000
tcp4       0      0  127.0.0.1.11434        127.0.0.1.59364        CLOSE_WAIT           174         2048  407872  146988           ollama:46708  00102 00000020 0000000000028d12 00000080 01000900      1      0 000000
tcp46      0      0  *.11434                *.*                    LISTEN                 0            0  131072  131072           ollama:46708  00100 00000006 0000000000028d0e 00000000 00000900      1      0 000000
`;
const OLD_MACOS = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid  state    options
tcp4       0      0  127.0.0.1.11434        127.0.0.1.59360        ESTABLISHED 407872 146988  46708      0 0x0102 0x00000020
`;

/** Written in the layout of German Windows; not recorded. */
const WINDOWS = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    127.0.0.1:11434        0.0.0.0:0              ABHÖREN         9316
  TCP    127.0.0.1:11434        127.0.0.1:53124        HERGESTELLT     9316
  TCP    127.0.0.1:53124        127.0.0.1:11434        HERGESTELLT     4120
  TCP    127.0.0.1:11434        127.0.0.1:53120        WARTEND         0
  TCP    127.0.0.1:11434        127.0.0.1:53118        CLOSE_WAIT      9316
  TCP    [::1]:11434            [::1]:53130            ESTABLISHED     9316
  UDP    0.0.0.0:11434          *:*                                    9316
`;

describe("connections to Ollama", () => {
	it("are read from ss with what last went over them", ({ expect }) => {
		expect(parseSs(SS)).toEqual([
			{ client: "127.0.0.1:41368", traffic: { receivedMsAgo: 2504, sentMsAgo: 100 } },
			{ client: "127.0.0.1:41378", traffic: { receivedMsAgo: 2516, sentMsAgo: 2500 } },
			// A figure of zero is left out.
			{ client: "[fe80::2]:41376", traffic: { receivedMsAgo: 0 } },
			{ client: "[::1]:41380", traffic: {} },
		]);
		expect(parseSs("")).toEqual([]);
	});

	it("are without traffic where ss has to do without the kernel's help", ({ expect }) => {
		expect(parseSs("0      0          127.0.0.1:11434     127.0.0.1:41378\n")).toEqual([{ client: "127.0.0.1:41378" }]);
	});

	it("are read from the kernel's tables, Ollama's ends only", ({ expect }) => {
		expect(parseProcNet(PROC_TCP, 11_434)).toEqual([{ client: "127.0.0.1:41356" }, { client: "192.168.1.20:50000" }]);
		expect(parseProcNet(PROC_TCP6, 11_434)).toEqual([{ client: "127.0.0.1:41368" }, { client: "[::1]:41378" }]);
		expect(parseProcNet(PROC_TCP, 80)).toEqual([]);
	});

	it("are read from macOS, with counts where it has them", ({ expect }) => {
		expect(parseMacosNetstat(MACOS, 11_434)).toEqual([
			{ client: "127.0.0.1:59360", bytes: { received: 174, sent: 0 } },
			{ client: "[::1]:59362", bytes: { received: 174, sent: 2048 } },
		]);
		expect(parseMacosNetstat(OLD_MACOS, 11_434)).toEqual([{ client: "127.0.0.1:59360" }]);
	});

	it("are read from Windows of any language", ({ expect }) => {
		expect(parseWindowsNetstat(WINDOWS, 11_434)).toEqual([{ client: "127.0.0.1:53124" }, { client: "[::1]:53130" }]);
	});

	it("have one name however the client's end is written", ({ expect }) => {
		expect(endpoint("::ffff:127.0.0.1", 5000)).toBe(endpoint("127.0.0.1", "5000"));
		expect(endpoint("::1", 5000)).toBe("[::1]:5000");
	});
});

describe("what macOS counts", () => {
	const seen = (received: number, sent: number) => [{ client: "a", bytes: { received, sent } }];

	it("becomes the look at which a count had grown", ({ expect }) => {
		const first = sightingsOf(seen(100, 0), new Map(), 1_000);
		expect(first.get("a")).toEqual({ received: 100, sent: 0, receivedAt: 1_000 });
		const second = sightingsOf(seen(100, 50), first, 6_000);
		expect(second.get("a")).toEqual({ received: 100, sent: 50, receivedAt: 1_000, sentAt: 6_000 });
		const third = sightingsOf(seen(200, 50), second, 11_000);
		expect(third.get("a")).toEqual({ received: 200, sent: 50, receivedAt: 11_000, sentAt: 6_000 });
	});

	it("is forgotten with its connection", ({ expect }) => {
		expect(sightingsOf([], sightingsOf(seen(1, 1), new Map(), 0), 1).size).toBe(0);
		expect(sightingsOf([{ client: "a" }], new Map(), 0).size).toBe(0);
	});

	it.runIf(process.platform === "darwin")("is told by this machine", async ({ expect }) => {
		expect(Array.isArray(await macosReader(() => 0)(11_434))).toBe(true);
	});
});

describe("a runner's processor time", () => {
	it("is read behind a name that may hold anything", ({ expect }) => {
		expect(parseTicks("4242 (llama-server) S 1 4242 4242 0 -1 4194304 911 0 0 0 250 31 0 0 20 0 9 0 1000 2 3")).toBe(281);
		expect(parseTicks("4242 (a) b) S 1 4242 4242 0 -1 4194304 911 0 0 0 7 2 0 0 20 0 9 0 1000 2 3")).toBe(9);
		expect(parseTicks("")).toBe(0);
	});
});
