/** How a machine stands with its router: what `herd-agent doctor` asks with the credentials that the agent would send. */
import * as z from "zod";

const CredentialSchema = z.enum(["accepted", "refused", "none"]);

export const StandingSchema = z.object({
	router_version: z.string(),
	/** The join token, and the node's own secret, as they were sent. */
	token: CredentialSchema,
	secret: CredentialSchema,
	/** Null for an unknown name, and for whoever shows nothing that is valid. */
	node: z
		.object({
			status: z.string(),
			/** Why it gets no work now. */
			blocked_by: z.array(z.string()),
			door_url: z.string().optional(),
			/** The router has tried. */
			door_reachable: z.boolean(),
		})
		.nullable(),
});
export type Standing = z.infer<typeof StandingSchema>;
