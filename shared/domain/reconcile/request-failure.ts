// Whose matter the failures of a send request are, so that what was returned for one cause can be found, and sent again, together.
import type { Recipient } from '../log/send-request.ts';
import { classifyFailure, isOwn } from '../reports/failure-class.ts';
import type { FailureClass } from '../reports/failure-rule.ts';

/** If recipients failed for several causes, the first of these counts: it is the one after which the mail itself is good. */
const FIRST: readonly FailureClass[] = ['ownTenant', 'ownAccount', 'address', 'recipientPolicy'];

/** Only Exchange's own report blames our account or tenant: anybody can send a mail that says so. */
function classOf({ status, diagnosticCode, remoteMta, evidence }: Recipient): FailureClass {
  const said = classifyFailure(status, diagnosticCode, remoteMta).class;
  return isOwn(said) && evidence !== 'exchangeReport' ? 'recipientPolicy' : said;
}

/** Undefined if no recipient has failed. */
export function failureClassOf(recipients: readonly Recipient[]): FailureClass | undefined {
  const found = new Set(recipients.filter(({ action }) => action === 'failed').map(classOf));
  return FIRST.find((one) => found.has(one));
}
