/** What a door answers when its Ollama is to be started anew: the number of requests that this cut off, or why not. */
import * as z from "zod";

export const RestartAnswerSchema = z.object({ requests_cut: z.number().optional(), error: z.string().optional() });
export type RestartAnswer = z.infer<typeof RestartAnswerSchema>;
