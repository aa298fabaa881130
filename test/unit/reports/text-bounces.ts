// Bounces without a status part, as the families of mail systems word them; written for these tests.

export type TextBounceExample = { name: string; mail: string; expected: string };

export const RETURNED = `Received: from a.contoso.com by b.example.com; Thu, 1 Jan 2026 00:00:00 +0000
From: sender@contoso.com
To: bob@example.com
Message-ID: <01-4711@contoso.com>
x-send-request-id: 01J8Z4711
Subject: Invoice

The invoice.
`;

export function mail(from: string, subject: string, body: string, headers = ''): string {
  return `From: ${from}\nTo: sender@contoso.com\nSubject: ${subject}\n${headers}\n${body}`;
}

const DAEMON = 'Mail Delivery System <MAILER-DAEMON@mx.example.com>';
export const POSTMASTER = 'postmaster@example.com';
export const OUTLOOK = 'Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.com>';

export const example = (
  name: string,
  expected: string,
  from: string,
  subject: string,
  body: string,
  headers?: string,
): TextBounceExample => ({
  name,
  expected,
  mail: mail(from, subject, body, headers),
});

export const TEXT_BOUNCES: readonly TextBounceExample[] = [
  example(
    'qmail',
    'ndr: alice@example.com failed 5.1.1, bob@example.com failed',
    DAEMON,
    'failure notice',
    `Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.

<alice@example.com>:
Remote host said: 550 5.1.1 User unknown

<bob@example.com>:
Sorry, no host by that name.

--- Below this line is a copy of the message.

${RETURNED}`,
  ),
  example(
    'Exim, with an alias and a remote host',
    'ndr: bob@example.com failed 5.2.2',
    DAEMON,
    'Mail delivery failed: returning message to sender',
    `A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  bob@example.com
    (generated from sales@example.com)
    host mx.example.com [192.0.2.1]: 552 5.2.2 mailbox full

------ This is a copy of the message, including all the headers. ------
${RETURNED}`,
  ),
  example(
    'Exim, a delay',
    'delay: bob@example.com delayed',
    DAEMON,
    'Warning: message delayed 24 hours',
    `The address to which the message has not yet been delivered is:

  bob@example.com

No action is required on your part. Eventually the software will give up.
`,
  ),
  example(
    'Exim, a local name with the address in a header only',
    'ndr: bob@example.com failed 5.7.0',
    DAEMON,
    'Mail delivery failed',
    'The following address(es) failed:\n\n  bob\n    550 5.7.0 <sender@contoso.com>... denied\n',
    'X-Failed-Recipients: bob@example.com\n',
  ),
  example(
    'Exchange 5.5, an X.400 name',
    'ndr: bob@example.com failed',
    'System Administrator <postmaster@example.com>',
    'Undeliverable: Invoice',
    `Your message

  To:      Bob
  Subject: Invoice

did not reach the following recipient(s):

c=US;a= ;p=EXAMPLE;o=Site;dda:SMTP=bob@example.com; on Fri, 4 Oct 2002
    The recipient name is not recognized
`,
  ),
  example(
    'Exchange Online, its fields lost',
    'ndr: bob@example.com failed 5.1.10',
    OUTLOOK,
    'Undeliverable: Invoice',
    `Your message to bob@example.com couldn't be delivered.

Status code: 550 5.1.10

Original Message Details
Recipient Address: bob@example.com
Reported error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound

Original message headers:

${RETURNED}`,
  ),
  example(
    'status fields that lost their part',
    'ndr: bob@example.com failed 5.4.6',
    DAEMON,
    'Returned mail',
    'The following addresses failed.\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; bob@example.com\nStatus: 5.4.6\n',
  ),
  example(
    'status fields in one block of the text',
    'ndr: bob@example.com failed 5.2.2',
    DAEMON,
    'Delivery Status Notification (Failure)',
    'Technical report:\n\nReporting-MTA: dns; mx.example.com\nAction: failed\nFinal-Recipient: rfc822; bob@example.com\nStatus: 5.2.2\n',
  ),
  example(
    'a transcript of the SMTP session',
    'ndr: bob@example.com failed 5.1.1',
    'gateway-smtp@example.com',
    'Mail could not be delivered',
    '*** Message from the gateway ***\n\nSent <<< RCPT TO:<bob@example.com>\nReceived >>> 550 5.1.1 unknown user\n',
  ),
  example(
    'a sentence that names the recipient',
    'ndr: bob@example.com failed 5.7.9',
    DAEMON,
    'Mail delivery failed',
    `There was an error delivering your mail to <bob@example.com>.
mx.example.com [192.0.2.1] did not like our final DATA: 554 5.7.9 refused

Message headers follow.

${RETURNED}`,
  ),
  example(
    'the recipient in the subject only',
    'ndr: bob@example.com failed',
    DAEMON,
    'Undeliverable: bob@example.com',
    'Your message could not be delivered.\n',
  ),
  example(
    'one address that is neither the sender nor a contact',
    'ndr: bob@example.com failed',
    POSTMASTER,
    'Delivery failure',
    'Error: no valid recipients for this message, sent from sender@contoso.com (bob@example.com)\nPlease contact help@example.com\n',
  ),
  example(
    "the original's only recipient",
    'ndr: bob@example.com failed',
    DAEMON,
    'Mail System Error - Returned Mail',
    `The mail could not be delivered.\n\n--- Original message ---\n\n${RETURNED}`,
  ),
  example(
    'a user of the system that reports, without a domain',
    'ndr: screen.name@mx.example.com failed',
    DAEMON,
    'Mail Delivery Problem',
    'Your mail was undeliverable to the following:\n\n\tscreen.name (mailbox is full)\n',
  ),
  example(
    'somebody who writes to themselves',
    'ndr: sender@contoso.com failed',
    DAEMON,
    'failure notice',
    'I was unable to deliver your message.\n\n<sender@contoso.com>:\nmailbox is full\n',
  ),
  example(
    'nobody, but surely a bounce',
    'ndr: ',
    DAEMON,
    'failure notice',
    'The message could not be delivered. For help contact a@example.com\n',
  ),
  example(
    'delivered',
    'delivered: bob@example.com delivered 2.1.5',
    POSTMASTER,
    'Delivery Status Notification (Success)',
    'Your message has been delivered to the following recipients:\n\n  bob@example.com\n  250 2.1.5 OK\n',
  ),
  example(
    'relayed',
    'relayed: bob@example.com relayed',
    POSTMASTER,
    'Delivery Status Notification (Relay)',
    'Your message has been successfully relayed to the following recipients:\n\n       bob@example.com\n',
  ),
  example(
    'a notification in JSON',
    'ndr: bob@example.com failed 5.1.1',
    'no-reply@example.com',
    'Notification',
    '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"bob@example.com","status":"5.1.1"}]}}',
  ),
  example(
    'a machine that takes no answers',
    'ndr: bob@example.com failed',
    'no-reply@example.com',
    'Mail delivery failed',
    'Your mail sent on: Thu, 1 Jan 2026\n     could not be delivered to: <bob@example.com>\n     As their mailbox is full.\n',
  ),
  example(
    'an unknown sender with the words of a machine',
    'ndr: bob@example.com failed',
    'admin@example.com',
    'Non-Delivery: Invoice',
    '--- Non-Delivery Report ---\n\nThe message could not be delivered to the following user:\n"bob@example.com" <bob@example.com>\n',
  ),
  example(
    'the null sender of the envelope',
    'ndr: bob@example.com failed',
    'inbound@example.com',
    'Mail',
    'Your mail could not be delivered to: <bob@example.com>\n',
    'Return-Path: <>\n',
  ),
];
