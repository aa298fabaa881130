// Mail addresses as the front door checks them: what cannot be one is refused, what can be is left to Exchange.

/** RFC 5321 section 4.5.3.1: 64 octets of local part, 255 of domain, and the at sign. */
const MAXIMUM_LENGTH = 320;

/** Blanks, control characters, half surrogate pairs and RFC 5322's specials, the dot excepted. */
const SPECIAL = '\\s"<>()[\\]:;,\\\\@\\p{Cc}\\p{Cs}';
const LOCAL = `(?:"(?:[^"\\\\\\p{Cc}\\p{Cs}]|\\\\[^\\p{Cc}\\p{Cs}]){1,62}"|[^${SPECIAL}]{1,64})`;
/** Dots within a local part are the receiver's matter: some providers have given out addresses with two in a row. */
const DOMAIN = '(?:\\[[^\\]\\s\\p{Cc}]{1,64}\\]|[\\p{L}\\p{N}\\p{M}_-]+(?:\\.[\\p{L}\\p{N}\\p{M}_-]+)*)';
const ADDRESS = new RegExp(`^${LOCAL}@${DOMAIN}$`, 'u');

export const isAddress = (text: string): boolean => text.length <= MAXIMUM_LENGTH && ADDRESS.test(text);

/** C0 and C1 control characters: whatever becomes a header must have none, tabs excepted. */
export const hasControlCharacter = (text: string): boolean => /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/.test(text);

/** A text of the caller's as an error message repeats it: ASCII, and not at length. */
export const printable = (text: string, length = 100): string => text.slice(0, length).replace(/[^\x20-\x7e]/g, '?');
