// The path as Kestrel hands it to routing: percent-decoded once (but not %2F), dot segments removed; and its way back into a URL.

export interface RequestTarget {
  /** Decoded; undefined if Kestrel refuses the target with 400. */
  path: string | undefined;
  /** With its question mark, untouched. */
  query: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** Decodes what is valid UTF-8; leaves `%2F` and anything invalid as it was written. */
function decodePath(raw: string): string {
  let decoded = '';
  for (let index = 0; index < raw.length; ) {
    const run = /^(?:%[0-9a-f]{2})+/i.exec(raw.slice(index, index + 12))?.[0];
    if (run === undefined) {
      decoded += raw[index];
      index += 1;
      continue;
    }
    const bytes = Uint8Array.from(run.match(/[0-9a-f]{2}/gi)!, (hex) => Number.parseInt(hex, 16));
    const length = sequenceLength(bytes[0]!);
    let text: string | undefined;
    if (length > 0 && length <= bytes.length && bytes[0] !== 0x2f) {
      try {
        text = utf8.decode(bytes.subarray(0, length));
      } catch {
        text = undefined;
      }
    }
    const taken = text === undefined ? 3 : length * 3;
    decoded += text ?? raw.slice(index, index + 3);
    index += taken;
  }
  return decoded;
}

function removeDotSegments(path: string): string {
  if (!path.includes('/.')) return path;
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') {
      if (kept.length > 1) kept.pop();
      if (last) kept.push('');
    } else if (segment === '.') {
      if (last) kept.push('');
    } else kept.push(segment);
  }
  return kept.join('/');
}

export function readTarget(url: string): RequestTarget {
  const origin = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? '';
  // Kestrel keeps a number sign; of OPTIONS with an asterisk the path is the root.
  const rest = url === '*' ? '/' : url.slice(origin.length);
  const questionMark = rest.indexOf('?');
  const raw = questionMark < 0 ? rest : rest.slice(0, questionMark);
  const query = questionMark < 0 ? '' : rest.slice(questionMark);
  const decoded = raw.startsWith('/') || (raw === '' && origin !== '') ? decodePath(raw || '/') : undefined;
  if (decoded === undefined || decoded.includes('\0') || /[^\x21-\x7e]/.test(raw)) return { path: undefined, query };
  return { path: removeDotSegments(decoded), query };
}

/** PathString.ToUriComponent: escapes what no path may hold, keeps what looks escaped already. */
export function escapePath(path: string): string {
  return path.replace(/%[0-9a-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/]+/gi, (part) =>
    /^%[0-9a-f]{2}$/i.test(part)
      ? part
      : [...Buffer.from(part, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** The forwarder's own spelling: it escapes each percent sign, so that an undecoded `%2F` goes on as `%252F`. */
export const encodePath = (path: string): string => escapePath(path.replaceAll('%', '\0')).replaceAll('%00', '%25');
