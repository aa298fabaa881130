// The address in a recipient field of a report (RFC 3464 section 2.3.1, RFC 6533 section 3), as senders really write it.

/** `rfc822; <User@Example.COM>` becomes `user@example.com`; X.400 names, pipes and files are kept as they are. */
export function readRecipientField(value: string): string | undefined {
  const typed = /^\s*[a-z0-9/-]{1,30}\s*;(.*)$/is.exec(value);
  return normaliseAddress(typed ? typed[1]! : value);
}

export function normaliseAddress(value: string): string | undefined {
  const bracketed = /<([^<>]{1,998})>/.exec(value);
  const address = decodeUnitext(bracketed ? bracketed[1]! : value.replace(/\s\([^()]*\)\s*$/, ''))
    .replace(/^mailto:/i, '')
    .replace(/["'<>]/g, '')
    .trim()
    .toLowerCase();
  return address === '' ? undefined : address;
}

/** utf-8-addr-unitext: `\x{4E2D}` stands for a character outside ASCII. */
function decodeUnitext(value: string): string {
  return value.replace(/\\x\{([0-9a-f]{2,6})\}/gi, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
