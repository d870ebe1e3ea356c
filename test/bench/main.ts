/** `npm run bench -- NAME`: measures, prints a table and writes JSON. Benchmarks report; tests don't time. */
import { Command } from "commander";
import { overheadCommand } from "./overhead/command.ts";
import { routingCommand } from "./routing/command.ts";
import { scaleCommand } from "./scale/command.ts";

await new Command("npm run bench --")
	.description("Measures what the router adds, decides and bears")
	.addCommand(overheadCommand())
	.addCommand(routingCommand())
	.addCommand(scaleCommand())
	.showHelpAfterError("(npm run bench -- --help shows what there is)")
	.parseAsync();
