// How much of a hostile mail is read: every bound of the report parsers in one place.

/** Reports put what matters before the returned original, so a prefix is enough. */
export const MAXIMUM_BYTES = 4 * 1024 * 1024;
/** A report on a thousand recipients has some 10,000 lines; each line costs the MIME parser microseconds, in which the process does nothing else. */
export const MAXIMUM_LINES = 20_000;
/** Lines that start with `--` may be MIME boundaries, and each boundary costs the MIME parser a part. */
export const MAXIMUM_DASH_LINES = 1000;
export const MAXIMUM_NESTING_DEPTH = 50;
export const MAXIMUM_REPORT_HEADER_BYTES = 512 * 1024;
/** Characters of human text that the text rules read. */
export const MAXIMUM_TEXT = 128 * 1024;
export const MAXIMUM_HTML = 256 * 1024;
/** Characters of one line that the text rules read; longer ones are data, not words. */
export const MAXIMUM_LINE = 4000;
/** Characters of a field block (status part, returned headers). */
export const MAXIMUM_FIELDS_TEXT = 1024 * 1024;
/** Of one report, all its parts together. Exchange Online takes at most 1000 recipients per message. */
export const MAXIMUM_RECIPIENTS = 2000;
/** Characters that are kept of one field's value. */
export const MAXIMUM_VALUE = 4096;
/** Message-IDs of one References field. */
export const MAXIMUM_REFERENCES = 100;
