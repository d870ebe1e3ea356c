/** An HTTP client that shows what a library hides: header order, framing, chunk borders, how the connection ended. */
import { connect, type Socket } from "node:net";

export interface RawRequest {
	method: string;
	path: string;
	headers: readonly (readonly [string, string])[];
	body: Buffer;
}

export interface RawResponse {
	version: string;
	status: number;
	statusText: string;
	headers: [string, string][];
	framing: "content-length" | "chunked" | "none";
	/** One entry per HTTP chunk, or the whole body. */
	chunks: string[];
	/** `clean` when the framing came to its end. */
	end: "clean" | "cut";
	interim?: string;
}

const HEAD_END = "\r\n\r\n";
/** Nothing a recording asks for takes so long, unless the server hangs. */
const PATIENCE_MS = 20_000;

export async function exchange(baseUrl: string, request: RawRequest): Promise<RawResponse> {
	const { hostname, port } = new URL(baseUrl);
	const socket = connect(Number(port), hostname);
	socket.setTimeout(PATIENCE_MS, () => socket.destroy());
	try {
		socket.write(head(request));
		socket.write(request.body);
		return await new ResponseReader(socket, request.method).read();
	} finally {
		socket.destroy();
	}
}

function head({ method, path, headers }: RawRequest): string {
	return [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
}

class ResponseReader {
	readonly #parts: AsyncIterator<Buffer>;
	readonly #method: string;
	#rest = Buffer.alloc(0);
	#ended = false;

	constructor(socket: Socket, method: string) {
		this.#parts = socket[Symbol.asyncIterator]();
		this.#method = method;
	}

	async read(): Promise<RawResponse> {
		const first = parseHead(await this.#until(HEAD_END));
		const continued = first.status === 100;
		const start = continued ? parseHead(await this.#until(HEAD_END)) : first;
		const interim = continued ? { interim: `${first.version} ${first.status} ${first.statusText}` } : {};
		return { ...start, ...interim, ...(await this.#body(start)) };
	}

	async #body({
		status,
		headers,
	}: {
		status: number;
		headers: [string, string][];
	}): Promise<Pick<RawResponse, "framing" | "chunks" | "end">> {
		const value = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
		const length = value("content-length");
		if (this.#method === "HEAD" || status === 204) return { framing: "none", chunks: [], end: "clean" };
		if (value("transfer-encoding") === "chunked") return { framing: "chunked", ...(await this.#chunked()) };
		if (length === undefined) return { framing: "none", chunks: [], end: "clean" };
		const text = (await this.#take(Number(length))).toString();
		return { framing: "content-length", chunks: text === "" ? [] : [text], end: this.#ended ? "cut" : "clean" };
	}

	async #chunked(): Promise<Pick<RawResponse, "chunks" | "end">> {
		const chunks: string[] = [];
		for (;;) {
			const size = Number.parseInt(await this.#until("\r\n"), 16);
			if (this.#ended || Number.isNaN(size)) return { chunks, end: "cut" };
			const data = await this.#take(size + 2);
			if (size === 0) return { chunks, end: this.#ended ? "cut" : "clean" };
			chunks.push(data.subarray(0, size).toString());
		}
	}

	/** Up to the mark, and past it. */
	async #until(mark: string): Promise<string> {
		let at = this.#rest.indexOf(mark);
		while (at < 0 && (await this.#more())) at = this.#rest.indexOf(mark);
		return (await this.#take(at < 0 ? this.#rest.length : at + mark.length)).toString().replace(mark, "");
	}

	async #take(length: number): Promise<Buffer> {
		while (this.#rest.length < length && (await this.#more()));
		const taken = this.#rest.subarray(0, length);
		this.#rest = this.#rest.subarray(length);
		return taken;
	}

	async #more(): Promise<boolean> {
		const next = await this.#parts.next().catch(() => ({ done: true, value: undefined }) as const);
		if (next.done) this.#ended = true;
		else this.#rest = Buffer.concat([this.#rest, next.value]);
		return !next.done;
	}
}

function parseHead(text: string): Pick<RawResponse, "version" | "status" | "statusText" | "headers"> {
	const [statusLine = "", ...lines] = text.split("\r\n");
	const [version = "", status = "", ...words] = statusLine.split(" ");
	const headers = lines.map((line): [string, string] => {
		const colon = line.indexOf(":");
		return [line.slice(0, colon), line.slice(colon + 1).trim()];
	});
	return { version, status: Number(status), statusText: words.join(" "), headers };
}
