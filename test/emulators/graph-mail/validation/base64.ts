// Base64 as Graph takes it: RFC 4648 section 4, blanks and line breaks between the characters allowed, nothing else.

/** The bytes, or undefined for what isn't base64 or is empty. */
export function decodeBase64(text: string): Buffer | undefined {
  const bare = text.replace(/[\t\n\r ]+/g, '');
  if (bare === '' || bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  return Buffer.from(bare, 'base64');
}
