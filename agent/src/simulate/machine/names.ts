/** Model names as Ollama reads them: `[host/][namespace/]model[:tag]`, compared without regard to case. */

const DEFAULT_HOST = "registry.ollama.ai";
const DEFAULT_NAMESPACE = "library";
const DEFAULT_TAG = "latest";
const PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/;
const NAMESPACE = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$/;
const HOST = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$/;

export interface ModelName {
	host: string;
	namespace: string;
	model: string;
	tag: string;
}

/** `undefined` when the text is no model name. */
export function parseName(text: string): ModelName | undefined {
	const slash = text.lastIndexOf("/");
	const colon = text.lastIndexOf(":");
	const tag = colon > slash ? text.slice(colon + 1) : DEFAULT_TAG;
	const path = (colon > slash ? text.slice(0, colon) : text).split("/");
	const model = path.pop() ?? "";
	const namespace = path.pop() ?? DEFAULT_NAMESPACE;
	const host = path.length > 0 ? path.join("/") : DEFAULT_HOST;
	const valid = PART.test(model) && PART.test(tag) && NAMESPACE.test(namespace) && HOST.test(host);
	return valid ? { host, namespace, model, tag } : undefined;
}

export function fullName(name: ModelName): string {
	return `${name.host}/${name.namespace}/${name.model}:${name.tag}`;
}

/** As lists show it: default host and namespace left out, the tag always there. */
export function shortName(name: ModelName): string {
	const tagged = `${name.model}:${name.tag}`;
	if (name.host !== DEFAULT_HOST) return `${name.host}/${name.namespace}/${tagged}`;
	return name.namespace === DEFAULT_NAMESPACE ? tagged : `${name.namespace}/${tagged}`;
}

/** Equal for names that mean the same model. */
export function nameKey(name: ModelName): string {
	return fullName(name).toLowerCase();
}
