// Graph's error envelope: `{"error":{"code","message"}}` (https://learn.microsoft.com/graph/errors). What is not exactly that has no code.
const MAXIMUM_MESSAGE = 2_048;

export interface GraphError {
  code?: string;
  message?: string;
}

/** Strict, and without the byte order mark. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** How often the names that decide stand in a value. */
function countNames(value: unknown): number {
  if (!isObject(value)) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).filter((name) => name === 'error' || name === 'code').length;
  return Object.values(value).reduce<number>((sum, inner) => sum + countNames(inner), own);
}

/** If a name occurs twice, some readers keep the first and others the last value (RFC 8259 section 4), so the meaning is unknown. */
const hasTwice = (text: string, value: unknown): boolean => (text.match(/"(?:error|code)"\s*:/g) ?? []).length > countNames(value);

const textIn = (value: object, name: string): string | undefined => {
  const found = (value as Record<string, unknown>)[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/**
 * Code and message of an error's body. Gateways answer in HTML or not at all: then there is neither. A code that stands in `innerError` alone,
 * in another case, of another type, or twice does not count: a final outcome needs a code that is certainly Graph's own.
 */
export function readErrorEnvelope(bytes: Uint8Array): GraphError {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    const error = isObject(value) ? (value as { error?: unknown }).error : undefined;
    if (!isObject(error)) return {};
    const [code, message] = [textIn(error, 'code'), textIn(error, 'message')];
    return {
      ...(code !== undefined && !hasTwice(text, value) && { code }),
      ...(message !== undefined && { message: message.slice(0, MAXIMUM_MESSAGE) }),
    };
  } catch {
    return {};
  }
}
