/** Milliseconds on a clock that all processes of this machine share, finer than a millisecond. */
export function sharedNowMs(): number {
	return Number(process.hrtime.bigint()) / 1e6;
}
