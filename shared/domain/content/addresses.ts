// Mail addresses as the front door checks them: what cannot be one is refused, what can be is left to Exchange.

/** RFC 5321 section 4.5.3.1: 64 octets of local part, 255 of domain; 254 in all by the path's limit. */
const MAXIMUM_LENGTH = 320;

/** A local part (or a quoted one), an at sign, and a domain or address literal; no control character, blank or angle bracket. */
const ADDRESS = /^(?:"[^"\p{Cc}]{1,62}"|[^\s"<>()[\]:;,\\@\p{Cc}]{1,64})@(?:\[[^\]\s\p{Cc}]{1,64}\]|[^\s"<>()[\]:;,\\@\p{Cc}]{1,255})$/u;

export const isAddress = (text: string): boolean => text.length <= MAXIMUM_LENGTH && ADDRESS.test(text);

/** C0 and C1 control characters: whatever becomes a header must have none, tabs excepted. */
export const hasControlCharacter = (text: string): boolean => /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/.test(text);
