/** The parts of Ollama's own objects that the fleet reads; everything else in them passes through untouched. */
import * as z from "zod";

/** Checks what the fleet reads and hands the object on as it came: its key order is part of Ollama's wire format. */
function asGiven<Schema extends z.ZodType>(schema: Schema) {
	return z.custom<z.infer<Schema>>((value) => schema.safeParse(value).success, "is not an entry as Ollama lists them");
}

/** `details` of an entry of `/api/tags` or `/api/ps`. */
const ModelDetailsSchema = z.looseObject({
	family: z.string().optional(),
	families: z.array(z.string()).nullish(),
	parameter_size: z.string().optional(),
	quantization_level: z.string().optional(),
	context_length: z.number().optional(),
});

/** An entry of `/api/tags`: a model on a machine's disk. `size` is in bytes. */
export const InstalledModelSchema = asGiven(
	z.looseObject({
		name: z.string().min(1),
		model: z.string().optional(),
		modified_at: z.string().optional(),
		size: z.number().nonnegative(),
		digest: z.string().optional(),
		details: ModelDetailsSchema.optional(),
		capabilities: z.array(z.string()).nullish(),
	}),
);
export type InstalledModel = z.infer<typeof InstalledModelSchema>;

/** An entry of `/api/ps`: a model in memory. `size` and `size_vram` are in bytes, `context_length` is per slot. */
export const ResidentModelSchema = asGiven(
	z.looseObject({
		name: z.string().min(1),
		model: z.string().optional(),
		size: z.number().nonnegative(),
		size_vram: z.number().nonnegative().optional(),
		digest: z.string().optional(),
		details: ModelDetailsSchema.optional(),
		expires_at: z.string().optional(),
		context_length: z.number().optional(),
	}),
);
export type ResidentModel = z.infer<typeof ResidentModelSchema>;
