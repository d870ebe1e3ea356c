/** Floats over the foot of the page, so that nothing moves when it comes and goes. Present from the start for screen readers. */
export function LostBanner({ words }: { words: string | undefined }) {
	return (
		<div class="lost-banner" role="status" hidden={words === undefined}>
			{words}
		</div>
	);
}
