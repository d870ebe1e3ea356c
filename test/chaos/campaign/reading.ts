/** Reads an answer as a client library would: lines, events or one body; bytes that only keep the connection alive say nothing. */
import type { RawAnswer } from "../../journeys/raw-http.ts";
import { DIALECTS, type DialectName, Json, type Reading } from "./dialects.ts";

export interface Read extends Reading {
	/** What no client of this dialect could make sense of. */
	readonly garbled: string | undefined;
}

/** The last piece of an answer that broke off may itself be broken: it is left out. */
export function readAnswer({ headers, body, whole }: RawAnswer, dialect: DialectName): Read {
	const pieces = piecesOf(body.toString(), headers.get("content-type") ?? "");
	const kept = whole ? pieces : pieces.slice(0, -1);
	const read: { text: string; finished: boolean; error?: string; garbled: string | undefined } = {
		text: "",
		finished: false,
		garbled: undefined,
	};
	for (const piece of kept) {
		const reading = piece === "[DONE]" ? { text: "", finished: true } : readPiece(piece, dialect);
		if (!reading) read.garbled ??= piece;
		read.text += reading?.text ?? "";
		read.finished ||= reading?.finished ?? false;
		if (reading?.error !== undefined) read.error = reading.error;
	}
	return read;
}

/** The sentence of an error body in the form of its dialect; undefined for any other body. */
export function errorIn({ body }: RawAnswer, dialect: DialectName): string | undefined {
	return DIALECTS[dialect].error(new Json(parsed(body.toString())));
}

function piecesOf(text: string, contentType: string): string[] {
	if (contentType.startsWith("text/event-stream"))
		return text
			.split("\n")
			.filter((line) => line.startsWith("data:"))
			.map((line) => line.slice("data:".length).trim());
	const pieces = contentType.startsWith("application/x-ndjson") ? text.split("\n") : [text];
	return pieces.map((line) => line.trim()).filter((line) => line !== "");
}

function readPiece(piece: string, dialect: DialectName): Reading | undefined {
	return DIALECTS[dialect].read(new Json(parsed(piece)));
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
