// What a report says, in the words of RFC 3464 and RFC 8098: the shape that every parser here fills and everyone else reads.

import type { FailureClass } from './failure-rule.ts';

export type ReportKind = 'ndr' | 'delay' | 'delivered' | 'relayed' | 'expanded' | 'mdn' | 'none';

/** The values of RFC 3464 section 2.3.3. */
export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

export type ReportedRecipient = {
  /** Final recipient, lower case. It may be no mail address at all (X.400 names, pipes, files). */
  address: string;
  /** The address as the sender gave it, if the report names it and it differs. */
  originalRecipient?: string;
  /** The same address with its encoded words (RFC 2047) decoded, if it has any. */
  decodedAddress?: string;
  action?: Action;
  /** Enhanced status code, RFC 3463. */
  status?: string;
  diagnosticCode?: string;
  remoteMta?: string;
  /** Disposition type of RFC 8098 section 3.2.6, lower case: displayed, deleted, dispatched, processed ... */
  disposition?: string;
  /** The cause of a failure or a delay. Only with these two actions. */
  class?: FailureClass;
};

/** All ids by which a report can be matched to the message that it is about; Message-IDs keep their angle brackets and case. */
export type Correlation = {
  inReplyTo: string[];
  references: string[];
  originalMessageId?: string;
  /** Value of our own mark, the header x-send-request-id, in the returned original or its headers. */
  sendRequestHeader?: string;
};

export type Report = {
  kind: ReportKind;
  recipients: ReportedRecipient[];
  correlation: Correlation;
  originalMessageId?: string;
  reportingMta?: string;
  /** Of the report itself. */
  messageId?: string;
  from?: string;
  subject?: string;
  /** Where the recipients were read: machine-readable fields, or human text, which is weaker evidence. */
  basis: 'fields' | 'text' | 'none';
  /** Our own organization's Exchange made it; a stranger cannot write what says so. */
  ofOwnOrganization: boolean;
  /** Hints only: anyone can write such headers. */
  hints: {
    /** X-MS-Exchange-Message-Is-Ndr is present (its value is empty). */
    exchangeNdrHeader: boolean;
  };
};
