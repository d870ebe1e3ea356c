/** How a request's place was chosen, beside its trace; and the two phases of its answer. */
export const decisions = [
	"alter table request_traces add column prefill_ms real",
	"alter table request_traces add column decode_ms real",
	"create table decisions (request_id text primary key, timestamp real not null, decision text not null) without rowid",
	"create index decisions_timestamp on decisions (timestamp)",
];
