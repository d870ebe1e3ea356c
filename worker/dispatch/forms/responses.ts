/** OpenAI's responses. Nothing but comments may come before `response.created`, and all events must name one response. */
import type { Refusal } from "../../errors.ts";
import { type About, newEvent, type Passed, sseComment, type StreamForm } from "./form.ts";
import { continuedResponse } from "./continued-response.ts";

const MS_PER_SECOND = 1000;

export const responses: StreamForm = {
	contentType: "text/event-stream",
	// The node's own events count on from 1, so ours are all number 0
	opening: (about) => event("response.created", inProgress(about), 0),
	keepAlive: (about) => event("response.in_progress", inProgress(about), 0),
	comment: sseComment,
	error(refusal, passed, about) {
		const started = passed.head === "" ? event("response.created", inProgress(about), 0) : "";
		return newEvent(passed) + started + event("response.failed", failed(refusal, passed, about), nextNumber(passed));
	},
	cutAfterError: false,
	saysItIsWhole: true,
	continued: (about) => continuedResponse(responseId(about)),
};

function event(type: string, response: Record<string, unknown>, number: number): string {
	return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number, response })}\n\n`;
}

function responseId({ id }: About): string {
	return `resp_${id}`;
}

/** The fields that clients validate. */
function inProgress(about: About): Record<string, unknown> {
	return {
		id: responseId(about),
		object: "response",
		created_at: Math.floor(about.at / MS_PER_SECOND),
		status: "in_progress",
		error: null,
		incomplete_details: null,
		instructions: null,
		metadata: {},
		model: about.model,
		output: [],
		parallel_tool_calls: true,
		temperature: 1,
		tool_choice: "auto",
		tools: [],
		top_p: 1,
		usage: null,
	};
}

function failed({ status, message }: Refusal, { head }: Passed, about: About): Record<string, unknown> {
	const id = /"id":"(resp_[^"]+)"/.exec(head)?.[1] ?? responseId(about);
	// Codex tries `server_error` again, and takes `invalid_prompt` for the end
	const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
	const error = { code: isFinal ? "invalid_prompt" : "server_error", message };
	return { ...inProgress(about), id, status: "failed", error };
}

function nextNumber({ tail }: Passed): number {
	const last = [...tail.matchAll(/"sequence_number":(\d+)/g)].at(-1)?.[1];
	return last === undefined ? 1 : Number(last) + 1;
}
