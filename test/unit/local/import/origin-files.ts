/** Files as versions of the origin left them. */
import { DatabaseSync } from "node:sqlite";

/** The columns of 0.6.1; 0.11 added two, the first versions lacked `tags`. */
const TABLE = `create table request_traces (id integer primary key autoincrement, request_id text not null, model text not null,
	original_model text not null, node_id text not null, score real, scores_breakdown text, status text not null, latency_ms real,
	time_to_first_token_ms real, prompt_tokens integer, completion_tokens integer, retry_count integer default 0,
	fallback_used integer default 0, excluded_nodes text, client_ip text, original_format text, error_message text, timestamp real not null`;

export type OriginFacts = Readonly<Record<string, string | number | null>>;

export const ROW: OriginFacts = {
	request_id: "a",
	model: "Llama3.1:8b",
	original_model: "llama3.1",
	node_id: "studio",
	status: "completed",
	latency_ms: 1200,
	time_to_first_token_ms: 300,
	prompt_tokens: 12,
	completion_tokens: 34,
	original_format: "openai",
	timestamp: 1_760_000_000.5,
};

/** `extra` are the columns after the first version's. */
export function writeOriginFile(path: string, rows: readonly OriginFacts[], extra: readonly string[] = ["tags text"]): void {
	const database = new DatabaseSync(path);
	database.exec(`${[TABLE, ...extra].join(", ")})`);
	for (const row of rows) {
		const [names, values] = [Object.keys(row), Object.values(row)];
		database.prepare(`insert into request_traces (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`).run(...values);
	}
	database.close();
}
