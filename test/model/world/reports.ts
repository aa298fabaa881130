// Non-delivery reports as Exchange sends them, for the mails of a run.

/** Names the mail by In-Reply-To, and by its header in the returned original where that one survived. */
export function ndr(internetMessageId: string, failing: readonly string[], mark: string | undefined): Uint8Array {
  const groups = failing.map((address) => `Final-Recipient: rfc822;${address}\r\nAction: failed\r\nStatus: 5.1.10\r\n`).join('\r\n');
  const text = [
    'From: postmaster@contoso.com',
    'Subject: Undeliverable',
    `In-Reply-To: ${internetMessageId}`,
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
    'Reporting-MTA: dns;mail.contoso.com',
    '',
    groups,
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${internetMessageId}`,
    ...(mark === undefined ? [] : [`x-send-request-id: ${mark}`]),
    '',
    '--b--',
    '',
  ].join('\r\n');
  return new TextEncoder().encode(text);
}
