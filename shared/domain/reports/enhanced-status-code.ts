// Enhanced mail system status codes: class.subject.detail (RFC 3463 section 2).

const CODE = /(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)/;

/** The first enhanced status code in a field's value or a server's words; comments and text around it are ignored. */
export function findEnhancedStatusCode(text: string): string | undefined {
  const match = CODE.exec(text);
  return match ? `${match[1]}.${Number(match[2])}.${Number(match[3])}` : undefined;
}
