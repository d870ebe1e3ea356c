/** Between two queries: workerd looks at its sockets only when nothing else is to be done, and a row of queries leaves no such moment. */
export function rest(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, 1));
}
