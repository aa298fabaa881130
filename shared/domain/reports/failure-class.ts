// The cause of a failure: the recipient's address, our own account, our tenant, or the recipient's policy or state.

import { isExchangeOnline } from './exchange-online-server.ts';
import { FAILURE_RULES } from './failure-class-rules.ts';
import type { FailureClass, FailureRule } from './failure-rule.ts';

/** The cause is not the recipient, so the next mails of the account or the tenant will fail too. */
export const isOwn = (of: FailureClass | undefined): boolean => of === 'ownAccount' || of === 'ownTenant';

/**
 * The first rule that fits. If the codes leave it open, the server's words decide. If no rule fits, the cause is the recipient's policy or state.
 * What a foreign host says never blames our own account: it can say anything.
 */
export function classifyFailure(status: string | undefined, text: string | undefined, remoteMta?: string): FailureRule {
  const words = text ?? '';
  const foreign = remoteMta !== undefined && !isExchangeOnline(remoteMta);
  return FAILURE_RULES.find(
    (rule) => codeMatches(rule.code, status) && (rule.text === undefined || rule.text.test(words)) && !(foreign && isOwn(rule.class)),
  )!;
}

/** `5.7.606-649` is a range of details, `5.1.1` one code, `*` any or none. */
export function codeMatches(pattern: string, status: string | undefined): boolean {
  if (pattern === '*') return true;
  const range = /^(\d\.\d+)\.(\d+)-(\d+)$/.exec(pattern);
  if (!range) return pattern === status;
  const [subject, detail] = splitDetail(status ?? '');
  return subject === range[1] && detail >= Number(range[2]) && detail <= Number(range[3]);
}

function splitDetail(status: string): [string, number] {
  const dot = status.lastIndexOf('.');
  return [status.slice(0, Math.max(dot, 0)), Number(status.slice(dot + 1))];
}
