/** The origin's `latency.db`, whichever of its versions wrote it (reference/ollama-herd.md 5.1 and 12.5). */
import { DatabaseSync } from "node:sqlite";

/** What a row may tell. Older versions lack some columns. */
const COLUMNS = [
	"request_id",
	"model",
	"original_model",
	"node_id",
	"score",
	"scores_breakdown",
	"status",
	"latency_ms",
	"time_to_first_token_ms",
	"prompt_tokens",
	"completion_tokens",
	"retry_count",
	"fallback_used",
	"excluded_nodes",
	"client_ip",
	"original_format",
	"error_message",
	"timestamp",
	"tags",
	"finish_reason",
	"estimated_tokens",
] as const;

/** As stored; null where the version had no such column. */
export type OriginRow = { readonly row_id: number } & Readonly<Record<(typeof COLUMNS)[number], unknown>>;

export class OriginFile {
	readonly #database: DatabaseSync;
	/** Undefined without a table of requests. */
	readonly #selected: string | undefined;

	/** Throws when it is no database. */
	constructor(path: string) {
		this.#database = new DatabaseSync(path, { readOnly: true });
		const found = this.#database.prepare("select name from pragma_table_info('request_traces')").all();
		const present = new Set(found.map(({ name }) => name));
		const selected = COLUMNS.map((name) => (present.has(name) ? name : `null as ${name}`)).join(", ");
		this.#selected = present.size > 0 ? selected : undefined;
	}

	/** How many rows come after this one. */
	countAfter(rowId: number): number {
		if (this.#selected === undefined) return 0;
		return Number(this.#database.prepare("select count(*) as rows from request_traces where rowid > ?").get(rowId)?.rows ?? 0);
	}

	rowsAfter(rowId: number, limit: number): OriginRow[] {
		if (this.#selected === undefined) return [];
		const statement = `select rowid as row_id, ${this.#selected} from request_traces where rowid > ? order by rowid limit ?`;
		return this.#database.prepare(statement).all(rowId, limit) as unknown as OriginRow[];
	}

	close(): void {
		this.#database.close();
	}
}
