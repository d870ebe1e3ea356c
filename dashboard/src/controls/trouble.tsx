import type { Failure } from "../answer.ts";
import { lostWords } from "../frame/link-words.ts";

/** What stands where an answer should be: why there is none, and the button to ask again. */
export function Trouble({ failure, retry }: { failure: Failure; retry: () => void }) {
	return (
		<div class="empty" role="alert">
			<p class="empty-title">{lostWords(failure, undefined, Date.now())}</p>
			<p>
				<button onClick={retry}>Ask again</button>
			</p>
		</div>
	);
}
