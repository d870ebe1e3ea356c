/** Rows under headings that sort them. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import "./data-table.css";

export interface Column<Row> {
	readonly id: string;
	readonly label: string;
	readonly show: (row: Row) => ComponentChildren;
	/** What it sorts by; without it the column does not sort. Unknown values come last both ways. */
	readonly by?: (row: Row) => number | string | null | undefined;
	readonly isNumber?: boolean;
}

interface DataTableProps<Row> {
	/** For screen readers. */
	readonly caption: string;
	readonly columns: readonly Column<Row>[];
	readonly rows: readonly Row[];
	readonly keyOf: (row: Row) => string;
	readonly sortedBy?: string;
}

export function DataTable<Row>({ caption, columns, rows, keyOf, sortedBy = "" }: DataTableProps<Row>) {
	const [sort, setSort] = useState({ id: sortedBy, isDescending: true });
	const sorted = sortedRows(rows, columns.find(({ id }) => id === sort.id)?.by, sort.isDescending);
	const choose = (id: string) => setSort({ id, isDescending: sort.id === id ? !sort.isDescending : true });
	return (
		<div class="scrolls" tabIndex={0} role="region" aria-label={caption}>
			<table class="data-table">
				<thead>
					<tr>
						{columns.map((column) => (
							<Heading key={column.id} column={column} sort={sort} choose={choose} />
						))}
					</tr>
				</thead>
				<tbody>
					{sorted.map((row) => (
						<tr key={keyOf(row)}>
							{columns.map(({ id, show, isNumber }) => (
								<td key={id} class={isNumber ? "number" : undefined}>
									{show(row)}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

interface HeadingProps {
	readonly column: Pick<Column<never>, "id" | "label" | "by" | "isNumber">;
	readonly sort: { readonly id: string; readonly isDescending: boolean };
	readonly choose: (id: string) => void;
}

function Heading({ column: { id, label, by, isNumber }, sort, choose }: HeadingProps) {
	const isSorted = sort.id === id;
	return (
		<th
			scope="col"
			class={isNumber ? "number" : undefined}
			aria-sort={isSorted ? (sort.isDescending ? "descending" : "ascending") : undefined}
		>
			{by ? (
				<button class="quiet" onClick={() => choose(id)}>
					{label}
					<span aria-hidden="true">{isSorted ? (sort.isDescending ? " ↓" : " ↑") : ""}</span>
				</button>
			) : (
				label
			)}
		</th>
	);
}

function sortedRows<Row>(rows: readonly Row[], by: Column<Row>["by"], isDescending: boolean): readonly Row[] {
	if (!by) return rows;
	return rows.toSorted((one, other) => {
		const [a, b] = [by(one), by(other)];
		if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
		if (b === null || b === undefined) return -1;
		const order = typeof a === "string" ? a.localeCompare(String(b)) : a - Number(b);
		return isDescending ? -order : order;
	});
}
