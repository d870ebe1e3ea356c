/** The address bar as the page's state: the back button undoes, a copied link shows the same. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { type Address, addressIn, hrefOf } from "./address.ts";
import type { TabProps } from "./tab.ts";

export function useAddress(): { address: Address; setParams: TabProps["setParams"] } {
	const [address, setAddress] = useState(() => addressIn(location.search));
	const follow = useCallback(() => setAddress(addressIn(location.search)), []);
	useEffect(() => {
		const onClick = (event: MouseEvent) => goByClick(event) && follow();
		window.addEventListener("popstate", follow);
		document.addEventListener("click", onClick);
		return () => {
			window.removeEventListener("popstate", follow);
			document.removeEventListener("click", onClick);
		};
	}, [follow]);
	const setParams: TabProps["setParams"] = useCallback(
		(changes, how) => {
			const { tab, params } = addressIn(location.search);
			const href = hrefOf(tab, { ...params, ...changes });
			if (how === "replace") history.replaceState(null, "", href);
			else history.pushState(null, "", href);
			follow();
		},
		[follow],
	);
	return { address, setParams };
}

/** A plain click on a link to this page changes the address without leaving it. True when it did. */
function goByClick(event: MouseEvent): boolean {
	const link = event.target instanceof Element ? event.target.closest("a") : null;
	const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
	if (!link || !isPlain || event.defaultPrevented || link.target !== "" || link.hasAttribute("download")) return false;
	if (link.origin !== location.origin || link.pathname !== "/dashboard") return false;
	event.preventDefault();
	if (link.search !== location.search) {
		history.pushState(null, "", link.pathname + link.search);
		window.scrollTo(0, 0);
	}
	return true;
}
