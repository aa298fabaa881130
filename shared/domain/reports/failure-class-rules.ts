// Enhanced status codes as Exchange uses them, one row per meaning, and what to do; the first row that fits counts.
// Source: Microsoft, "Email non-delivery reports and SMTP errors in Exchange Online" and its page for Exchange Server.

import type { FailureClass, FailureRule, TenantLimit } from './failure-rule.ts';

const ADDRESS = 'correct or remove the address; sending again cannot help';
const ACCOUNT = 'stop submitting from this mailbox until an administrator has looked at it';
const TENANT = 'stop submitting from the whole tenant until an administrator has looked at it';
const WINDOW = 'hold such mail until the 24 hours that Exchange counts are over; then one mail shows whether it takes them again';
const LATER = 'try again later';
const RECEIVER = 'ask the recipient or their administrator';
const SETUP = "correct the sender's set-up (DNS, connector, authentication)";

/** Words for an address, or a domain, that does not exist. */
const UNKNOWN = new RegExp(
  [
    String.raw`\b(?:user|recipient|mailbox|account|(?<!sender )address|domain)\b.{0,20}\b(?:unknown|not found|does(?: not|n['’]t) exist|invalid|nxdomain)\b`,
    String.raw`\b(?:unknown|no such|invalid) (?:local )?(?:user|recipient|mailbox|account|(?:e-?mail )?address|host|domain)\b`,
    String.raw`\brecip\w*notfound\b|\brecipient name is not recognized\b|\bno mailbox here\b|\bhost or domain name not found\b|\bnxdomain\b`,
    String.raw`\bdoes(?: not|n['’]t) have an? .{1,60}\baccount\b`,
  ].join('|'),
  'i',
);

/** Words with which another server refuses our address. They do not mean that our own tenant refuses us. */
const REMOTE_REFUSAL = /\bsender address rejected\b|\bdomain of sender\b|\bsender (?:domain|verif)/i;

/** Exchange's own words for a limit of the tenant. */
const TENANT_EXTERNAL_LIMIT = /\btenant external recipient rate limit\b|\btenant (?:has )?exceeded its daily limit\b/i;
const TENANT_THRESHOLD = /\btenant has exceeded threshold\b/i;

const rule = (code: string, type: FailureClass, meaning: string, whatToDo: string, text?: RegExp): FailureRule => ({
  code,
  class: type,
  meaning,
  whatToDo,
  ...(text ? { text } : {}),
});

/** A row that blames the whole tenant: every mailbox of it meets the same refusal. */
const tenantRule = (code: string, meaning: string, more: Partial<Omit<FailureRule, 'code' | 'class' | 'meaning'>> = {}): FailureRule => ({
  code,
  class: 'ownTenant',
  meaning,
  whatToDo: TENANT,
  limit: { reach: 'all' },
  ...more,
});

const A_DAY: TenantLimit['windowMs'] = 86_400_000;
/** https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#sending-limits-1 */
const EXTERNAL_A_DAY = { whatToDo: WINDOW, limit: { reach: 'external', windowMs: A_DAY } } as const;

export const FAILURE_RULES: readonly FailureRule[] = [
  rule('4.3.2', 'recipientPolicy', 'the recipient mailbox is throttled', LATER),
  rule('4.4.1', 'recipientPolicy', 'the connection timed out', LATER),
  rule('4.4.2', 'recipientPolicy', 'the connection was dropped', LATER),
  rule('4.4.316', 'recipientPolicy', 'the remote server refuses connections', LATER),
  rule('4.4.7', 'recipientPolicy', 'the message expired in the queue, or is still waiting there', LATER),
  rule('4.4.8', 'recipientPolicy', "the remote host fails the check of its domain's MTA-STS policy", RECEIVER),
  rule('5.4.8', 'recipientPolicy', "the remote host fails the check of its domain's MTA-STS policy", RECEIVER),
  rule('4.7.5', 'recipientPolicy', 'the remote certificate fails the MTA-STS check', RECEIVER),
  rule('5.7.5', 'recipientPolicy', 'the remote certificate fails the MTA-STS check', RECEIVER),
  rule('4.5.3', 'recipientPolicy', 'too many recipients of one domain in one message', 'send to fewer recipients at once'),
  rule('4.7.26', 'recipientPolicy', 'mail over IPv6 without SPF or DKIM', SETUP),
  rule('4.7.321-325', 'recipientPolicy', 'the remote domain fails its own DANE or TLS requirements', RECEIVER),
  rule('5.7.321-325', 'recipientPolicy', 'the remote domain fails its own DANE or TLS requirements', RECEIVER),
  tenantRule('4.7.500-699', 'suspicious activity: sending is temporarily restricted'),
  tenantRule('4.7.850-899', 'suspicious activity: sending is temporarily restricted'),
  rule('5.0.350', 'recipientPolicy', 'the receiving organisation refused, for a reason of its own', RECEIVER),
  rule('5.1.0', 'recipientPolicy', 'the sender is denied', RECEIVER, /\bsender (?:address )?(?:is )?(?:denied|rejected)/i),
  rule('5.1.0', 'address', 'the recipient cannot be resolved', ADDRESS),
  rule('5.1.1', 'address', 'the recipient is unknown', ADDRESS),
  rule('5.1.2', 'address', "the recipient's domain is unknown", ADDRESS),
  rule('5.1.3', 'address', "the recipient's address is malformed", ADDRESS),
  rule('5.1.6', 'address', 'the recipient has moved and left no forwarding address', ADDRESS),
  rule('5.1.8', 'recipientPolicy', "the remote server does not accept the sender's address", RECEIVER, REMOTE_REFUSAL),
  rule('5.1.8', 'ownAccount', 'the sending account is blocked for sending spam', ACCOUNT),
  rule('5.1.10', 'address', 'the recipient is unknown: no mailbox has this address', ADDRESS),
  rule('5.1.90', 'ownAccount', "the sending account's daily recipient limit is reached", ACCOUNT),
  // No list that we read has 5.1.91 to 5.1.99: they concern our own account only if the words name a limit of the sender.
  rule(
    '5.1.91-99',
    'ownAccount',
    'a limit of the sending account is reached',
    ACCOUNT,
    /daily limit|sending limit|submission quota|recipient rate limit/i,
  ),
  rule('5.1.351', 'address', 'the remote server does not know the recipient', ADDRESS),
  rule(
    '5.2.2',
    'ownAccount',
    "the sending account's submission quota is exceeded",
    ACCOUNT,
    /submission quota|quota exceeded for (?:sender|submi)/i,
  ),
  rule('5.2.2', 'recipientPolicy', "the recipient's mailbox is full", LATER),
  rule('5.2.3', 'recipientPolicy', 'the message is too large for the recipient', 'send a smaller message'),
  rule('5.2.121', 'recipientPolicy', "the recipient's hourly limit for mail from this sender is reached", LATER),
  rule('5.2.122', 'recipientPolicy', "the recipient's hourly limit for mail is reached", LATER),
  rule('5.4.1', 'recipientPolicy', 'the remote server does not accept mail for this domain', RECEIVER, /relay access denied/i),
  rule('5.4.1', 'address', 'the address does not exist in the remote directory', ADDRESS, /recipient address rejected/i),
  rule('5.4.1', 'recipientPolicy', 'the remote server did not answer, or refused', RECEIVER),
  rule('5.4.4', 'address', "the recipient's domain does not exist", ADDRESS),
  rule('5.4.6', 'recipientPolicy', 'a routing loop', RECEIVER),
  rule('5.4.14', 'recipientPolicy', 'a routing loop', RECEIVER),
  rule('5.4.300', 'recipientPolicy', 'the message expired', LATER),
  rule('5.4.310', 'address', "the recipient's domain does not exist", ADDRESS),
  rule('5.4.312', 'recipientPolicy', 'the message expired: the DNS query failed', LATER),
  rule('5.4.316', 'recipientPolicy', 'the message expired: the connection was refused', LATER),
  rule(
    '5.5.0',
    'recipientPolicy',
    'the remote server refused',
    RECEIVER,
    /not accepting|service unavailable|too many|loop|spam|blocked|denied/i,
  ),
  rule('5.5.0', 'address', 'the mailbox is unavailable', ADDRESS),
  rule('5.6.11', 'recipientPolicy', 'the message contains bare line feeds', 'correct the message content'),
  rule('5.7.1', 'address', 'the recipient is unknown', ADDRESS, UNKNOWN),
  rule(
    '5.7.1',
    'ownAccount',
    'our own account or tenant may not send',
    ACCOUNT,
    /\bsend ?as\b|bad outbound sender|\bsubmission\b.{0,20}\b(?:disabled|blocked|denied)/i,
  ),
  rule('5.7.1', 'recipientPolicy', 'not authorised: relaying denied, or a rule refused the message', RECEIVER),
  rule('5.7.12', 'recipientPolicy', 'the recipient accepts mail of its own organisation only', RECEIVER),
  rule('5.7.13', 'recipientPolicy', 'the public folder accepts authenticated senders only', RECEIVER),
  rule('5.7.23', 'recipientPolicy', 'SPF fails at the destination', SETUP),
  rule('5.7.25', 'recipientPolicy', 'the sending address has no reverse DNS', SETUP),
  rule('5.7.57', 'ownAccount', 'the client is not authenticated to send', SETUP),
  rule('5.7.64', 'ownAccount', 'relaying denied: the mail cannot be attributed to the tenant', SETUP),
  rule('5.7.124', 'recipientPolicy', "the sender is not in the group's list of allowed senders", RECEIVER),
  rule('5.7.133', 'recipientPolicy', 'the group accepts senders of its own organisation only', RECEIVER),
  rule('5.7.134', 'recipientPolicy', 'the mailbox accepts senders of its own organisation only', RECEIVER),
  rule('5.7.135', 'recipientPolicy', 'the public folder accepts senders of its own organisation only', RECEIVER),
  rule('5.7.136', 'recipientPolicy', 'the mail user accepts senders of its own organisation only', RECEIVER),
  tenantRule('5.7.232', "the trial tenant's daily limit of external recipients is reached", EXTERNAL_A_DAY),
  tenantRule('5.7.233', "the tenant's daily limit of external recipients is reached", EXTERNAL_A_DAY),
  tenantRule('5.7.236', "the tenant's daily limit of external recipients for mail from onmicrosoft.com is reached", {
    whatToDo: WINDOW,
    limit: { reach: 'externalFromDefaultDomain', windowMs: A_DAY },
    source: 'https://techcommunity.microsoft.com/blog/exchange/limiting-onmicrosoft-domain-usage-for-sending-emails/4446167',
  }),
  rule('5.7.501', 'ownAccount', 'the account is banned: spam suspected', ACCOUNT),
  rule('5.7.502', 'ownAccount', 'the sender is banned', ACCOUNT),
  rule('5.7.503', 'ownAccount', 'the sending account is banned: spam suspected', ACCOUNT),
  rule('5.7.504', 'address', "the recipient's address is invalid", ADDRESS),
  rule('5.7.505', 'address', "the recipient's address is banned", ADDRESS),
  rule('5.7.506', 'ownAccount', 'a bad HELO name', SETUP),
  rule('5.7.507', 'recipientPolicy', 'the recipient has blocked the sending IP address', RECEIVER),
  tenantRule('5.7.508', 'the IPv6 range sends too much'),
  rule('5.7.509', 'ownAccount', 'DMARC fails and its policy is to reject', SETUP),
  rule('5.7.510', 'recipientPolicy', 'the recipient takes no mail over IPv6', RECEIVER),
  tenantRule('5.7.511', 'the sending IP address is banned'),
  rule('5.7.512', 'recipientPolicy', 'the message has no valid From', 'correct the message'),
  rule('5.7.513', 'recipientPolicy', "the recipient's block list names the sender", RECEIVER),
  rule('5.7.514-599', 'ownAccount', "the sender's account, address or tenant is refused", ACCOUNT),
  tenantRule('5.7.606-649', 'the sending IP address is banned'),
  rule(
    '5.7.703',
    'recipientPolicy',
    "the tenant's own block list stopped the whole message",
    'correct the Tenant Allow/Block List or the message',
  ),
  tenantRule('5.7.705', 'the tenant is over its threshold of outbound mail'),
  tenantRule('5.7.708', "the tenant's traffic is not accepted"),
  tenantRule('5.7.750', 'the tenant sends for a domain that is not registered'),
  tenantRule('5.7.800', 'the domain of EHLO or sender is banned'),
  rule('5.7.900-999', 'recipientPolicy', 'a mail flow rule refused the message', RECEIVER),
  // The words of 5.7.233 and 5.7.705, if the code is another one or is missing.
  tenantRule('*', "the tenant's limit of external recipients is reached", { ...EXTERNAL_A_DAY, text: TENANT_EXTERNAL_LIMIT }),
  tenantRule('*', 'the tenant is over its threshold of outbound mail', { text: TENANT_THRESHOLD }),
  rule('*', 'address', 'the recipient is unknown', ADDRESS, UNKNOWN),
  rule('*', 'recipientPolicy', "a code that does not concern our account: the recipient's policy or state", RECEIVER),
];
