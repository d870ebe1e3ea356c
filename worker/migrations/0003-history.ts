/** Which key a request came with; indexes for every filter of the trace list; what was brought in from the origin's file. */
export const history = [
	"alter table request_traces add column key_name text",
	"drop index request_traces_node_model",
	"drop index request_traces_model_timestamp",
	// Each holds whatever else may be asked at the same time, so that rows are looked up only once they are known to be wanted
	"create index request_traces_model_timestamp on request_traces (model, timestamp, id, node_id, status)",
	"create index request_traces_node_timestamp on request_traces (node_id, timestamp, id, model, status)",
	// Nearly all rows are completed: those cost nothing here
	"create index request_traces_trouble on request_traces (status, timestamp, id, model, node_id) where status <> 'completed'",
	`create table trace_apps (app text not null, timestamp real not null, id integer not null, model text not null, node_id text not null,
		status text not null, primary key (app, timestamp, id)) without rowid`,
	"create table imports (name text primary key, through integer not null, taken integer not null, skipped integer not null, finished_at text)",
];
