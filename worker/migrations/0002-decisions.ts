/** How a request's place was chosen, beside its trace; and the two phases of its answer. */
export const decisions = [
	"alter table request_traces add column prefill_ms real",
	"alter table request_traces add column decode_ms real",
	"create table decisions (id integer primary key, request_id text not null unique, timestamp real not null, decision text not null)",
];
