// MIME messages made of parts, for what is taken apart.

export type Part = { header: string[]; body: string | Part[] };

export const leaf = (type: string, body: string, ...header: string[]): Part => ({ header: [`Content-Type: ${type}`, ...header], body });
export const multipart = (subtype: string, ...body: Part[]): Part => ({ header: [`Content-Type: multipart/${subtype}`], body });
export const attached = (type: string, name: string, body: string, ...header: string[]): Part =>
  leaf(type, body, `Content-Disposition: attachment; filename="${name}"`, ...header);

/** Of a part, with a boundary for each multipart. */
function lines({ header, body }: Part, counter: { next: number }): string[] {
  if (typeof body === 'string') return [...header, '', body];
  const boundary = `b${counter.next++}`;
  const [type = '', ...rest] = header;
  return [
    `${type}; boundary=${boundary}`,
    ...rest,
    '',
    ...body.flatMap((part) => [`--${boundary}`, ...lines(part, counter)]),
    `--${boundary}--`,
  ];
}

export const mimeOf = (root: Part, ...header: string[]): Buffer =>
  Buffer.from(['From: ada@contoso.com', 'To: bob@example.com', 'Subject: S', ...header, ...lines(root, { next: 0 }), ''].join('\r\n'));
