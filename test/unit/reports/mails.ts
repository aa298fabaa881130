// Builds the mails that the report tests read: written after the examples of RFC 3464, RFC 8098 and MS-OXCMAIL.

const encoder = new TextEncoder();

export function bytes(text: string): Uint8Array {
  return encoder.encode(text.replaceAll('\n', '\r\n'));
}

export const ORIGINAL = `From: sender@contoso.com
To: bob@example.com
Subject: Invoice 4711
Message-ID: <01-4711@contoso.com>
x-send-request-id: 01J8Z4711

The invoice.
`;

export function dsn(
  status: string,
  {
    headers = '',
    from = 'Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>',
    original = ORIGINAL,
    text = 'Your message could not be delivered.',
  } = {},
): Uint8Array {
  return bytes(`From: ${from}
To: sender@contoso.com
Subject: Returned mail
Message-ID: <report-1@mx.example.com>
${headers}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

${text}

--b1
Content-Type: message/delivery-status

${status}
--b1
Content-Type: message/rfc822

${original}
--b1--
`);
}

export function mdn(fields: string, headers = ''): Uint8Array {
  return bytes(`From: Bob <bob@example.com>
To: sender@contoso.com
Subject: Read: Invoice 4711
${headers}MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="b1"

--b1
Content-Type: text/plain

Your message was read.

--b1
Content-Type: message/disposition-notification

${fields}
--b1--
`);
}
