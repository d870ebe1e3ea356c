#!/usr/bin/env node
/** The name that this program had in the origin: the same flags, the same environment, and a word on the new one. */
process.stderr.write("herd-node is called herd-agent now; it takes the same flags and this name goes on working\n");
await import("./main.ts");
