// Whose content stays in Blob Storage after Exchange has taken the mail.
import { describe, expect, test } from 'vitest';
import { isResendableLater, type KeepingRules, keepsContent, mayForget, mustStillKeep } from '../../../shared/domain/act/kept-content.ts';
import { record } from '../../support/samples.ts';

const NOW = '2026-01-15T10:00:00.000Z';
const rules = (more: Partial<KeepingRules> = {}): KeepingRules => ({
  resendContent: 'copy',
  graphRights: 'readWrite',
  messageTrace: false,
  ...more,
});
const mail = (more: Parameters<typeof record>[1] = {}) =>
  record('a@contoso.com', { status: 'sent', saveToSentItems: true, reportWindowEnds: '2026-01-18T10:00:00.000Z', ...more });
const keeps = (more: Partial<KeepingRules>, of: Parameters<typeof record>[1] = {}) => keepsContent(mail(of), rules(more));

describe('the content is kept', () => {
  test('if it is to be always, or never', () => {
    expect(keeps({ resendContent: 'keep' })).toBe(true);
    expect(keeps({ resendContent: 'none' }, { saveToSentItems: false })).toBe(false);
  });

  test('if there will be no copy', () => {
    expect(keeps({})).toBe(false);
    expect(keeps({}, { saveToSentItems: false })).toBe(true);
  });

  test('with the right to send only, if the message trace can tell of a failure', () => {
    expect(keeps({ graphRights: 'send' }, { saveToSentItems: false })).toBe(false);
    expect(keeps({ graphRights: 'send', messageTrace: true })).toBe(true);
  });

  test('never of a draft: one that is made is not sent, and one that is sent has no content but its own', () => {
    expect(keeps({ resendContent: 'keep' }, { operation: 'createDraft' })).toBe(false);
    expect(keeps({ resendContent: 'keep' }, { operation: 'send', format: 'none' })).toBe(false);
  });
});

test.each([
  ['a mail with a copy', {}, {}, true],
  ['a mail without a copy, whose content is kept', {}, { saveToSentItems: false }, true],
  ['a draft that is sent, without a copy', {}, { operation: 'send', format: 'none', saveToSentItems: false }, false],
  ['any mail, if nobody wants it', { resendContent: 'none' }, {}, false],
  ['a draft that is only made', { resendContent: 'none' }, { operation: 'createDraft' }, true],
  ['any mail, with the right to send only', { graphRights: 'send' }, {}, false],
  ['any mail, with the right to send only, if its content is kept', { graphRights: 'send', resendContent: 'keep' }, {}, true],
] as const)('%s can be sent again, or the answer says that it cannot', (_, more, of, can) => {
  expect(isResendableLater(mail(of), rules(more))).toBe(can);
});

test('it must be kept later, too, while reports may come', () => {
  const keep = rules({ resendContent: 'keep' });
  for (const status of ['accepted', 'sent', 'failed'] as const) expect(mustStillKeep(mail({ status }), keep, NOW)).toBe(true);
  expect(mustStillKeep(mail(), rules(), NOW)).toBe(false);
  expect(mustStillKeep(mail({ status: 'closed' }), keep, NOW)).toBe(false);
  expect(mustStillKeep(mail({ reportWindowEnds: NOW }), keep, NOW)).toBe(false);
  const { reportWindowEnds: _, ...open } = mail({ status: 'accepted' });
  expect(mustStillKeep(open, keep, NOW)).toBe(false);
});

test('it goes with the end of the report window, unless a recipient failed or the mail is unaccounted', () => {
  const keep = rules({ resendContent: 'keep' });
  const closed = mail({ status: 'closed' });
  expect(mayForget(closed, keep)).toBe(true);
  expect(mayForget(closed, rules())).toBe(false);
  expect(mayForget({ ...closed, status: 'unaccounted' }, keep)).toBe(false);
  expect(mayForget({ ...closed, recipientCounts: { ...closed.recipientCounts, failed: 1 } }, keep)).toBe(false);
});
