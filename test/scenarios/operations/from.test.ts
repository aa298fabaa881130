// Another From than the mailbox: refused or taken as Exchange does, its reports found where they go; and copies that nobody wants.
import { describe, expect, test } from 'vitest';
import { sharedStack } from '../../support/shared-stack.ts';
import { PATIENCE_MS } from '../../support/until.ts';
import { at, mailsIn, post, transported, typesOf } from './operations.ts';

const stack = sharedStack();

const message = (from: string, to = 'other@example.com') => ({
  subject: 'On behalf',
  body: { contentType: 'text', content: 'x' },
  from: { emailAddress: { address: from } },
  toRecipients: at(to),
});

describe('another From', () => {
  test('without the right ends rejected, with the words of Graph, and leaves no draft behind', async () => {
    const mailbox = 'no-right@contoso.com';
    const posted = await post(stack, mailbox, 'sendMail', { message: message('billing@contoso.com') });
    const request = await stack.untilStatus(posted.location, 'rejected');
    expect(request.error).toMatchObject({ code: 'ErrorSendAsDenied', message: expect.stringContaining('does not have the right') });
    expect(await transported(stack, mailbox)).toEqual([]);
    await expect.poll(() => mailsIn(stack, mailbox, 'drafts'), { timeout: PATIENCE_MS }).toEqual([]);
  });

  test('with the right goes through, and what comes back to it is told of the request', async () => {
    const mailbox = 'with-right@contoso.com';
    await stack.graph('POST', 'mailboxes', { address: 'newsdesk@contoso.com' });
    await stack.graph('POST', 'mailboxes', { address: mailbox, sendAs: ['newsdesk@contoso.com'] });
    const posted = await post(stack, mailbox, 'sendMail', { message: message('newsdesk@contoso.com', 'unknown-user@example.org') });
    const request = await stack.untilStatus(posted.location, 'failed');
    expect(request.recipients).toMatchObject([{ action: 'failed', status: '5.1.1', evidence: 'exchangeReport' }]);
    expect(await transported(stack, mailbox)).toMatchObject([{ from: 'newsdesk@contoso.com' }]);
    expect(await mailsIn(stack, 'newsdesk@contoso.com', 'inbox')).toHaveLength(1);
  });

  test('of a draft that is only sent is read from the draft, and what comes back to it is told of the request that sent it', async () => {
    const mailbox = 'sends-with-right@contoso.com';
    await stack.graph('POST', 'mailboxes', { address: 'desk@contoso.com' });
    await stack.graph('POST', 'mailboxes', { address: mailbox, sendAs: ['desk@contoso.com'] });
    const made = await post(stack, mailbox, 'messages', message('desk@contoso.com', 'unknown-user@example.org'), { prefer: 'wait=20' });
    const sent = await post(stack, mailbox, `messages/${made.body.id}/send`);
    const request = await stack.untilStatus(sent.location, 'failed');
    expect(request.recipients).toMatchObject([{ action: 'failed', status: '5.1.1', evidence: 'exchangeReport' }]);
  });
});

describe('saveToSentItems: false', () => {
  test.each([
    ['boolean', false],
    ['text', 'False'],
  ])('as %s: the mail is confirmed like any other, then exactly its copy is removed, once', async (kind, value) => {
    const mailbox = `unsaved-${kind}@contoso.com`;
    const kept = await post(stack, mailbox, 'sendMail', { message: { subject: 'Kept', toRecipients: at('other@example.com') } });
    const posted = await post(stack, mailbox, 'sendMail', {
      message: { subject: 'Not kept', toRecipients: at('other@example.com') },
      saveToSentItems: value,
    });
    const request = await stack.until(posted.location, 'without its copy', (one) => typesOf(one).includes('copyRemoved'));
    await stack.untilStatus(kept.location, 'sent');
    expect([request.status, typesOf(request).filter((type) => type === 'copyRemoved')]).toEqual(['sent', ['copyRemoved']]);
    expect((await mailsIn(stack, mailbox, 'sentitems')).map(({ subject }) => subject)).toEqual(['Kept']);
    expect((await transported(stack, mailbox)).map(({ subject }) => subject).sort()).toEqual(['Kept', 'Not kept']);
  });
});
