/** How a request's place was chosen, beside its trace; and the two phases of its answer. */
export const decisions = [
	"alter table request_traces add column prefill_ms real",
	"alter table request_traces add column decode_ms real",
	"create table decisions (id integer primary key, first real not null, last real not null, bundle text not null)",
	"create index decisions_last on decisions (last)",
];
