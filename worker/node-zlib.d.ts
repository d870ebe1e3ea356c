/** The one call of Node's that the worker makes; workerd has it with `nodejs_compat`. */
declare module "node:zlib" {
	export function zstdDecompressSync(data: Uint8Array, options?: { maxOutputLength?: number }): Uint8Array<ArrayBuffer>;
}
