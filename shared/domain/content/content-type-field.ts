// Content-Type, Content-Disposition and Content-Transfer-Encoding of a part (RFC 2045, RFC 2183), read by scanning once.
import { MAXIMUM_BOUNDARY } from './content-limits.ts';
import { fieldsNamed, type MimeHeader } from './mime-header.ts';

export const EMPTY_HEADER: MimeHeader = { fields: [] };

const TOKEN = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;

/** A structured field as its value and parameters: comments are gone, quoted strings are what they quote. Names in lower case. */
export interface StructuredField {
  value: string;
  parameters: Map<string, string>;
}

/** The field cut at its semicolons. Comments (RFC 822) may stand anywhere outside quotation marks, and in each other. */
function sectionsOf(field: string): string[] {
  const sections: string[] = [];
  let section = '';
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < field.length; at++) {
    const letter = field.charAt(at);
    if (letter === '\\' && (quoted || depth > 0)) {
      at++;
      if (quoted) section += field.charAt(at);
    } else if (quoted) {
      if (letter === '"') quoted = false;
      else section += letter;
    } else if (letter === '(') depth++;
    else if (letter === ')' && depth > 0) depth--;
    else if (depth > 0) continue;
    else if (letter === '"') quoted = true;
    else if (letter === ';') {
      sections.push(section);
      section = '';
    } else section += letter;
  }
  return [...sections, section];
}

export function structuredField(field: string): StructuredField {
  const [value = '', ...rest] = sectionsOf(field);
  const parameters = new Map<string, string>();
  for (const section of rest) {
    const equals = section.indexOf('=');
    if (equals < 0) continue;
    const name = section.slice(0, equals).trim().toLowerCase();
    if (!parameters.has(name)) parameters.set(name, section.slice(equals + 1).trim());
  }
  return { value: value.trim().toLowerCase(), parameters };
}

const fieldOf = (header: MimeHeader, name: string): StructuredField => structuredField(fieldsNamed(header, name)[0] ?? '');

/** In lower case; RFC 2045 section 5.2: text/plain if none is named. */
export function mediaTypeOf(header: MimeHeader): string {
  const type = fieldOf(header, 'content-type').value.split(/[\s,]/, 1)[0] as string;
  return TOKEN.test(type) ? type : 'text/plain';
}

export const parameterOf = (header: MimeHeader, name: string): string | undefined => fieldOf(header, 'content-type').parameters.get(name);

/** Undefined for none, and for one that no delimiter line can have. */
export function boundaryOf(header: MimeHeader): string | undefined {
  const boundary = parameterOf(header, 'boundary');
  return boundary !== undefined && boundary.length > 0 && boundary.length <= MAXIMUM_BOUNDARY ? boundary : undefined;
}

/** In lower case; empty if none is named. */
export const dispositionOf = (header: MimeHeader): string => fieldOf(header, 'content-disposition').value;

/** Whether it has a file name, in either field, in any of the ways of RFC 2231. */
export const hasFileName = (header: MimeHeader): boolean =>
  [fieldOf(header, 'content-disposition'), fieldOf(header, 'content-type')].some(({ parameters }) =>
    [...parameters.keys()].some((name) => /^(?:file)?name(?:\*|$)/.test(name)),
  );

/** Without its angle brackets. */
export const contentIdOf = (header: MimeHeader): string =>
  (fieldsNamed(header, 'content-id')[0] ?? '').trim().replace(/^</, '').replace(/>$/, '');

/** Content-Transfer-Encoding, RFC 2045 section 6; 7bit if none is named. */
export const encodingOf = (header: MimeHeader): string => fieldOf(header, 'content-transfer-encoding').value || '7bit';
