/**
 * Bytes as text, one character a byte. JSON's own characters are ASCII, so a body can be searched and edited in this form
 * without touching a byte of what is not, valid UTF-8 or not. (TextDecoder's "latin1" is Windows-1252 and can't be undone.) Pure.
 */

/** As many arguments as every engine takes in one call. */
const AT_ONCE = 8_192;

export function latin1(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
	return text;
}

export function fromLatin1(text: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
	return bytes;
}

/** A JSON string in ASCII only, which is the same in every form. */
export function asciiJson(value: string): string {
	return JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
