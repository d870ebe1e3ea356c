/** A handful of requests in every dialect, so that the demo's page and traces have something to show. */

const CHATS: readonly { path: string; tag: string; body: Record<string, unknown> }[] = [
	{
		path: "/api/chat",
		tag: "kitchen",
		body: { model: "llama3.3:70b", messages: [user("What can I cook from lentils, carrots and cumin?")], options: { num_predict: 40 } },
	},
	{
		path: "/v1/chat/completions",
		tag: "editor",
		body: { model: "qwen2.5-coder:7b", messages: [user("Write a function that reverses a list")], max_tokens: 60, stream: true },
	},
	{
		path: "/api/generate",
		tag: "notes",
		body: { model: "llama3.2:3b", prompt: "Summarise: the meeting moved to Thursday.", stream: false, options: { num_predict: 30 } },
	},
	{
		path: "/v1/chat/completions",
		tag: "editor",
		body: { model: "gpt-oss:20b", messages: [user("Name three sorting algorithms")], max_tokens: 50 },
	},
	{ path: "/api/embed", tag: "search", body: { model: "nomic-embed-text", input: ["a garden in spring", "a harbour at night"] } },
	{ path: "/api/chat", tag: "kitchen", body: { model: "llama3.1:8b", messages: [user("And a dessert?")], options: { num_predict: 30 } } },
];

function user(content: string) {
	return { role: "user", content };
}

/** Sends all at once, as a household would, and says how it went. */
export async function sendDemoChats(url: string, say: (line: string) => void): Promise<void> {
	const answered = await Promise.all(CHATS.map((chat) => send(url, chat)));
	const failed = answered.filter((ok) => !ok).length;
	say(failed === 0 ? `All ${answered.length} were answered` : `${failed} of ${answered.length} were not answered: the dashboard says why`);
}

async function send(url: string, { path, tag, body }: (typeof CHATS)[number]): Promise<boolean> {
	try {
		const response = await fetch(url + path, { method: "POST", headers: { "x-herd-tags": tag }, body: JSON.stringify(body) });
		await response.arrayBuffer();
		return response.ok;
	} catch {
		return false;
	}
}
