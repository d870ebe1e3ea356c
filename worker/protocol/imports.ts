/** Bringing in the traces of another router: `herd` reads its file, and sends the rows in pages. */
import * as z from "zod";
import { TraceSchema } from "./trace.ts";

/** How far the import of a file has come. */
export const ImportStateSchema = z.object({
	/** Rows of the file up to this one are done with. */
	through: z.number(),
	taken: z.number(),
	/** Not readable as requests. */
	skipped: z.number(),
	finished: z.boolean(),
});
export type ImportState = z.infer<typeof ImportStateSchema>;

export const ImportPageSchema = z.object({
	/** Of the file; the same file under another name is another import, whose rows are known already. */
	name: z.string().min(1),
	rows: z.array(TraceSchema).max(1_000),
	/** The whole state after this page. */
	state: ImportStateSchema,
});
export type ImportPage = z.infer<typeof ImportPageSchema>;
