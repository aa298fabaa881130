// Enhanced mail system status codes: class.subject.detail (RFC 3463 section 2).

const CODE = /(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)/;

/** The first enhanced status code in a field's value or a server's words; comments and text around it are ignored. */
export function findEnhancedStatusCode(text: string): string | undefined {
  const match = CODE.exec(text);
  return match ? `${match[1]}.${Number(match[2])}.${Number(match[3])}` : undefined;
}

/** The code of a server's answer in running text, of one class: one behind an SMTP reply code or `#` first, then any. */
export function findReplyStatusCode(text: string, success: boolean): string | undefined {
  const [behindReply, any] = success ? SUCCESS : FAILURE;
  return (behindReply.exec(text) ?? any.exec(text))?.[1];
}

const FAILURE = [/(?:\b[45]\d\d[ -]#?|#)([45]\.\d{1,3}\.\d{1,3})(?!\.?\d)/, /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?!\.?\d)/] as const;
const SUCCESS = [/\b2\d\d[ -](2\.\d{1,3}\.\d{1,3})(?!\.?\d)/, /(?<![\d.])(2\.\d{1,3}\.\d{1,3})(?!\.?\d)/] as const;
