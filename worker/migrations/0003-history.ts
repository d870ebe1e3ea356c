/** Which key a request came with; indexes for every filter of the trace list; what was brought in from the origin's file. */
export const history = [
	"alter table request_traces add column key_name text",
	"drop index request_traces_node_model",
	"create index request_traces_node_timestamp on request_traces (node_id, timestamp)",
	// Nearly all rows are completed: those cost nothing here
	"create index request_traces_trouble on request_traces (status, timestamp) where status <> 'completed'",
	"create table trace_apps (app text not null, timestamp real not null, id integer not null, primary key (app, timestamp, id)) without rowid",
	"create table imports (name text primary key, through integer not null, taken integer not null, skipped integer not null, finished_at text)",
];
