// A delivery status notification as a test wants it: what it names of the mail that it is about, and what it says of whom.

export interface ReportMail {
  recipients?: readonly { address: string; original?: string; action?: string; status?: string; diagnostic?: string; remoteMta?: string }[];
  /** As if the own organization's Exchange had made it; default: true. */
  ofOwnOrganization?: boolean;
  inReplyTo?: string;
  references?: readonly string[];
  /** The returned original's Message-ID and our header in it. */
  original?: { messageId?: string; header?: string };
}

const line = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [`${name}: ${value}`]);

export function reportMail({ recipients = [], ofOwnOrganization = true, inReplyTo, references, original }: ReportMail): string {
  const groups = recipients.map(({ address, original: asked, action = 'failed', status = '5.1.1', diagnostic, remoteMta }) =>
    [
      ...line('Original-Recipient', asked && `rfc822;${asked}`),
      `Final-Recipient: rfc822;${address}`,
      `Action: ${action}`,
      `Status: ${status}`,
      ...line('Diagnostic-Code', diagnostic && `smtp;${diagnostic}`),
      ...line('Remote-MTA', remoteMta && `dns;${remoteMta}`),
    ].join('\r\n'),
  );
  return [
    ...(ofOwnOrganization ? ['X-MS-Exchange-Organization-AuthAs: Internal'] : []),
    'From: postmaster@contoso.com',
    'To: sender@contoso.com',
    'Subject: Undeliverable: Invoice',
    `Message-ID: <${crypto.randomUUID()}@mail.example.net>`,
    ...line('In-Reply-To', inReplyTo),
    ...line('References', references?.join(' ')),
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'Your message could not be delivered.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns;mail.example.net',
    '',
    groups.join('\r\n\r\n'),
    '',
    ...(original
      ? [
          '--b',
          'Content-Type: text/rfc822-headers',
          '',
          ...line('Message-ID', original.messageId),
          ...line('x-send-request-id', original.header),
          'Subject: Invoice',
          '',
        ]
      : []),
    '--b--',
    '',
  ].join('\r\n');
}
