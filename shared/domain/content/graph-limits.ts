// What Graph takes in one request, and how attachments beyond it travel.

/** Graph takes 4 MB in one request, whatever is in it (https://learn.microsoft.com/graph/api/user-sendmail). */
export const MAXIMUM_REQUEST_BYTES = 4 * 1024 * 1024;

/** Room for our marks in a request of that size. */
const MARK_BYTES = 2 * 1024;

/** What a caller's message may have in one request, so that it still fits with our marks. */
export const MAXIMUM_CONTENT_BYTES = MAXIMUM_REQUEST_BYTES - MARK_BYTES;

/** Larger attachments need an upload session (https://learn.microsoft.com/graph/outlook-large-attachments). */
export const SMALL_ATTACHMENT_BYTES = 3_000_000;

/** Bytes of one PUT to an upload session: at most 4 MB, in multiples of 320 KiB. */
export const RANGE_BYTES = 12 * 320 * 1024;

/** Base64 of so many bytes, without line breaks. */
export const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;

/** Base64 of MIME is a third larger on the wire to Graph than the message itself. */
export const MAXIMUM_MIME_BYTES = Math.floor(MAXIMUM_CONTENT_BYTES / 4) * 3;
