// Enhanced status codes as Exchange uses them, one row per meaning, and what to do; the first row that fits counts.
// Source: Microsoft, "Email non-delivery reports and SMTP errors in Exchange Online" and its page for Exchange Server.

import type { FailureClass, FailureRule } from './failure-rule.ts';

const ADDRESS = 'correct or remove the address; sending again cannot help';
const ACCOUNT = 'stop submitting from this mailbox until an administrator has looked at it';
const TENANT = 'stop submitting from the whole tenant until an administrator has looked at it';
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

const rule = (code: string, type: FailureClass, meaning: string, whatToDo: string, text?: RegExp): FailureRule => ({
  code,
  class: type,
  meaning,
  whatToDo,
  ...(text ? { text } : {}),
});

export const FAILURE_RULES: readonly FailureRule[] = [
  rule('4.3.2', 'recipient-policy', 'the recipient mailbox is throttled', LATER),
  rule('4.4.1', 'recipient-policy', 'the connection timed out', LATER),
  rule('4.4.2', 'recipient-policy', 'the connection was dropped', LATER),
  rule('4.4.316', 'recipient-policy', 'the remote server refuses connections', LATER),
  rule('4.4.7', 'recipient-policy', 'the message expired in the queue, or is still waiting there', LATER),
  rule('4.4.8', 'recipient-policy', "the remote host fails the check of its domain's MTA-STS policy", RECEIVER),
  rule('5.4.8', 'recipient-policy', "the remote host fails the check of its domain's MTA-STS policy", RECEIVER),
  rule('4.7.5', 'recipient-policy', 'the remote certificate fails the MTA-STS check', RECEIVER),
  rule('5.7.5', 'recipient-policy', 'the remote certificate fails the MTA-STS check', RECEIVER),
  rule('4.5.3', 'recipient-policy', 'too many recipients of one domain in one message', 'send to fewer recipients at once'),
  rule('4.7.26', 'recipient-policy', 'mail over IPv6 without SPF or DKIM', SETUP),
  rule('4.7.321-325', 'recipient-policy', 'the remote domain fails its own DANE or TLS requirements', RECEIVER),
  rule('5.7.321-325', 'recipient-policy', 'the remote domain fails its own DANE or TLS requirements', RECEIVER),
  rule('4.7.500-699', 'own-account', 'suspicious activity: sending is temporarily restricted', TENANT),
  rule('4.7.850-899', 'own-account', 'suspicious activity: sending is temporarily restricted', TENANT),
  rule('5.0.350', 'recipient-policy', 'the receiving organisation refused, for a reason of its own', RECEIVER),
  rule('5.1.0', 'recipient-policy', 'the sender is denied', RECEIVER, /\bsender (?:address )?(?:is )?(?:denied|rejected)/i),
  rule('5.1.0', 'address', 'the recipient cannot be resolved', ADDRESS),
  rule('5.1.1', 'address', 'the recipient is unknown', ADDRESS),
  rule('5.1.2', 'address', "the recipient's domain is unknown", ADDRESS),
  rule('5.1.3', 'address', "the recipient's address is malformed", ADDRESS),
  rule('5.1.6', 'address', 'the recipient has moved and left no forwarding address', ADDRESS),
  rule('5.1.8', 'recipient-policy', "the remote server does not accept the sender's address", RECEIVER, REMOTE_REFUSAL),
  rule('5.1.8', 'own-account', 'the sending account is blocked for sending spam', ACCOUNT),
  rule('5.1.10', 'address', 'the recipient is unknown: no mailbox has this address', ADDRESS),
  rule('5.1.90', 'own-account', "the sending account's daily recipient limit is reached", ACCOUNT),
  // No list that we read has 5.1.91 to 5.1.99: they concern our own account only if the words name a limit of the sender.
  rule(
    '5.1.91-99',
    'own-account',
    'a limit of the sending account is reached',
    ACCOUNT,
    /daily limit|sending limit|submission quota|recipient rate limit/i,
  ),
  rule('5.1.351', 'address', 'the remote server does not know the recipient', ADDRESS),
  rule(
    '5.2.2',
    'own-account',
    "the sending account's submission quota is exceeded",
    ACCOUNT,
    /submission quota|quota exceeded for (?:sender|submi)/i,
  ),
  rule('5.2.2', 'recipient-policy', "the recipient's mailbox is full", LATER),
  rule('5.2.3', 'recipient-policy', 'the message is too large for the recipient', 'send a smaller message'),
  rule('5.2.121', 'recipient-policy', "the recipient's hourly limit for mail from this sender is reached", LATER),
  rule('5.2.122', 'recipient-policy', "the recipient's hourly limit for mail is reached", LATER),
  rule('5.4.1', 'recipient-policy', 'the remote server does not accept mail for this domain', RECEIVER, /relay access denied/i),
  rule('5.4.1', 'address', 'the address does not exist in the remote directory', ADDRESS, /recipient address rejected/i),
  rule('5.4.1', 'recipient-policy', 'the remote server did not answer, or refused', RECEIVER),
  rule('5.4.4', 'address', "the recipient's domain does not exist", ADDRESS),
  rule('5.4.6', 'recipient-policy', 'a routing loop', RECEIVER),
  rule('5.4.14', 'recipient-policy', 'a routing loop', RECEIVER),
  rule('5.4.300', 'recipient-policy', 'the message expired', LATER),
  rule('5.4.310', 'address', "the recipient's domain does not exist", ADDRESS),
  rule('5.4.312', 'recipient-policy', 'the message expired: the DNS query failed', LATER),
  rule('5.4.316', 'recipient-policy', 'the message expired: the connection was refused', LATER),
  rule(
    '5.5.0',
    'recipient-policy',
    'the remote server refused',
    RECEIVER,
    /not accepting|service unavailable|too many|loop|spam|blocked|denied/i,
  ),
  rule('5.5.0', 'address', 'the mailbox is unavailable', ADDRESS),
  rule('5.6.11', 'recipient-policy', 'the message contains bare line feeds', 'correct the message content'),
  rule('5.7.1', 'address', 'the recipient is unknown', ADDRESS, UNKNOWN),
  rule(
    '5.7.1',
    'own-account',
    'our own account or tenant may not send',
    ACCOUNT,
    /\bsend ?as\b|bad outbound sender|\bsubmission\b.{0,20}\b(?:disabled|blocked|denied)/i,
  ),
  rule('5.7.1', 'recipient-policy', 'not authorised: relaying denied, or a rule refused the message', RECEIVER),
  rule('5.7.12', 'recipient-policy', 'the recipient accepts mail of its own organisation only', RECEIVER),
  rule('5.7.13', 'recipient-policy', 'the public folder accepts authenticated senders only', RECEIVER),
  rule('5.7.23', 'recipient-policy', 'SPF fails at the destination', SETUP),
  rule('5.7.25', 'recipient-policy', 'the sending address has no reverse DNS', SETUP),
  rule('5.7.57', 'own-account', 'the client is not authenticated to send', SETUP),
  rule('5.7.64', 'own-account', 'relaying denied: the mail cannot be attributed to the tenant', SETUP),
  rule('5.7.124', 'recipient-policy', "the sender is not in the group's list of allowed senders", RECEIVER),
  rule('5.7.133', 'recipient-policy', 'the group accepts senders of its own organisation only', RECEIVER),
  rule('5.7.134', 'recipient-policy', 'the mailbox accepts senders of its own organisation only', RECEIVER),
  rule('5.7.135', 'recipient-policy', 'the public folder accepts senders of its own organisation only', RECEIVER),
  rule('5.7.136', 'recipient-policy', 'the mail user accepts senders of its own organisation only', RECEIVER),
  rule('5.7.501', 'own-account', 'the account is banned: spam suspected', ACCOUNT),
  rule('5.7.502', 'own-account', 'the sender is banned', ACCOUNT),
  rule('5.7.503', 'own-account', 'the sending address is banned', TENANT),
  rule('5.7.504', 'address', "the recipient's address is invalid", ADDRESS),
  rule('5.7.505', 'address', "the recipient's address is banned", ADDRESS),
  rule('5.7.506', 'own-account', 'a bad HELO name', SETUP),
  rule('5.7.507', 'recipient-policy', 'the recipient has blocked the sending IP address', RECEIVER),
  rule('5.7.508', 'own-account', 'the IPv6 range sends too much', TENANT),
  rule('5.7.509', 'own-account', 'DMARC fails and its policy is to reject', SETUP),
  rule('5.7.510', 'recipient-policy', 'the recipient takes no mail over IPv6', RECEIVER),
  rule('5.7.511', 'own-account', 'the sending IP address is banned', TENANT),
  rule('5.7.512', 'recipient-policy', 'the message has no valid From', 'correct the message'),
  rule('5.7.513', 'recipient-policy', "the recipient's block list names the sender", RECEIVER),
  rule('5.7.514-599', 'own-account', "the sender's account, address or tenant is refused", ACCOUNT),
  rule('5.7.606-649', 'own-account', 'the sending IP address is banned', TENANT),
  rule(
    '5.7.703',
    'recipient-policy',
    "the tenant's own block list stopped the whole message",
    'correct the Tenant Allow/Block List or the message',
  ),
  rule('5.7.705', 'own-account', 'the tenant is over its threshold of outbound mail', TENANT),
  rule('5.7.708', 'own-account', "the tenant's traffic is not accepted", TENANT),
  rule('5.7.750', 'own-account', 'the tenant sends for a domain that is not registered', TENANT),
  rule('5.7.800', 'own-account', 'the domain of EHLO or sender is banned', TENANT),
  rule('5.7.900-999', 'recipient-policy', 'a mail flow rule refused the message', RECEIVER),
  rule('*', 'address', 'the recipient is unknown', ADDRESS, UNKNOWN),
  rule('*', 'recipient-policy', "a code that does not concern our account: the recipient's policy or state", RECEIVER),
];
