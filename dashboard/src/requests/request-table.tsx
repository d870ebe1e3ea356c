import type { Trace } from "../../../worker/protocol/trace.ts";
import { RequestDetails } from "./request-details.tsx";
import { RequestRow } from "./request-row.tsx";

/** Class and heading of each column; the classes say which leave first on a narrow screen. */
const COLUMNS = [
	{ name: "when", heading: "When" },
	{ name: "model", heading: "Model" },
	{ name: "node", heading: "Machine" },
	{ name: "status", heading: "Status" },
	{ name: "wait", heading: "Wait" },
	{ name: "first", heading: "First token" },
	{ name: "total", heading: "Total" },
	{ name: "tokens", heading: "Tokens in" },
	{ name: "tokens", heading: "Out" },
	{ name: "rate", heading: "Speed" },
	{ name: "retries", heading: "Retries" },
	{ name: "app", heading: "App" },
] as const;

interface RequestTableProps {
	readonly traces: readonly Trace[];
	readonly openId: string | undefined;
	readonly onToggle: (requestId: string) => void;
	readonly now: number;
}

/** Laid out as a grid, which takes a table's roles away: they are given back by name. */
export function RequestTable({ traces, openId, onToggle, now }: RequestTableProps) {
	return (
		<table class="requests" role="table" aria-labelledby="requests">
			<thead role="rowgroup">
				<tr role="row" class="request-headings">
					{COLUMNS.map(({ name, heading }) => (
						<th key={heading} role="columnheader" scope="col" class={`col-${name}`}>
							{heading}
						</th>
					))}
				</tr>
			</thead>
			{traces.map((trace) => {
				const open = trace.request_id === openId;
				return (
					<tbody key={trace.request_id} role="rowgroup" class={open ? "open" : undefined}>
						<RequestRow trace={trace} open={open} onToggle={onToggle} now={now} />
						{open && (
							<tr role="row" class="details-row" id={`details-${trace.request_id}`}>
								<td role="cell" colSpan={COLUMNS.length}>
									<RequestDetails trace={trace} />
								</td>
							</tr>
						)}
					</tbody>
				);
			})}
		</table>
	);
}
