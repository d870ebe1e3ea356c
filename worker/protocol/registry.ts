/** What the router reads of a registry's manifest: how much a pull would load down. */
import * as z from "zod";

const LayerSchema = z.looseObject({ size: z.number().nonnegative() });

export const ManifestSchema = z.looseObject({ config: LayerSchema.optional(), layers: z.array(LayerSchema) });
export type Manifest = z.infer<typeof ManifestSchema>;
