/** Imported before any schema: zod would try to compile its parsers with `eval`, which the page's CSP forbids and reports. */
import { config } from "zod";

config({ jitless: true });
