/**
 * When each model was last used on each node, and how often: kept beside the traces, which nobody could count through once there
 * are millions, and which do not stay for ever. A trigger, so that a batch of traces written twice counts once.
 */
export const modelUsage = [
	`create table model_usage (
		node_id text not null,
		model text not null,
		requests integer not null,
		last_used real not null,
		primary key (node_id, model)
	) without rowid`,
	`insert into model_usage select node_id, model, count(*), max(timestamp) from request_traces where node_id <> '' group by node_id, model`,
	`create trigger model_usage_counts after insert on request_traces when new.node_id <> '' begin
		insert into model_usage values (new.node_id, new.model, 1, new.timestamp)
		on conflict (node_id, model) do update set requests = requests + 1, last_used = max(last_used, excluded.last_used);
	end`,
];
