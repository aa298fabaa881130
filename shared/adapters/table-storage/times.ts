// Times of the rows that people read: Edm.DateTime, by which tools sort and filter. Earlier versions wrote them as RFC 3339 text.

/** @param dateTime RFC 3339 */
export const toTime = (dateTime: string): Date => new Date(dateTime);

/** A merge cannot remove a property: an empty text stands for "no time". */
export const toTimeOrNone = (dateTime: string | undefined): Date | '' => (dateTime === undefined ? '' : toTime(dateTime));

/** RFC 3339, from a row of this version or of an earlier one. */
export const fromTime = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/**
 * The filter for "before this time". A comparison finds only values of its literal's type, so it asks for both.
 * https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities#constructing-filter-strings
 */
export const isBefore = (property: string, dateTime: string): string =>
  `(${property} lt datetime'${dateTime}' or ${property} lt '${dateTime}')`;
