// Texts of a caller: what may become a header, and how an error message repeats one.

/** C0 and C1 control characters: whatever becomes a header must have none, tabs excepted. */
export const hasControlCharacter = (text: string): boolean => /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/.test(text);

/** A caller's text for use in an error message: ASCII only, and shortened. */
export const printable = (text: string, length = 100): string => text.slice(0, length).replace(/[^\x20-\x7e]/g, '?');
