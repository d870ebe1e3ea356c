/** Undefined when it takes longer; nothing is left of the clock when it does not. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => resolve(undefined), ms);
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
