// Message-IDs in header values (RFC 5322 section 3.6.4), also as real software writes them.

import { decodeWords } from 'postal-mime';
import { MAXIMUM_REFERENCES } from './limits.ts';

/** Every `<id>` of a value, encoded words (RFC 2047) decoded: some systems encode whatever is long. They come in order and with its brackets; a bare token counts if nothing has brackets. */
export function readMessageIds(value: string | undefined): string[] {
  if (value === undefined) return [];
  return idsIn(value.includes('=?') ? decodeWords(value) : value);
}

function idsIn(value: string): string[] {
  const ids = [...(value.match(/<[^<>]{1,998}>/g) ?? [])].map((id) => id.replace(/\s+/g, ''));
  if (ids.length > 0) return [...new Set(ids)].slice(0, MAXIMUM_REFERENCES);
  const bare = value.trim();
  return /^[^\s<>]{1,998}$/.test(bare) ? [`<${bare}>`] : [];
}
