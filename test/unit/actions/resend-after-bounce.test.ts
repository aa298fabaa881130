// Sending again what Exchange has taken and returned: to whom, with which content, and what both logs say.
import { beforeEach, describe, expect, test } from 'vitest';
import { readSenderPolicy } from '../../../shared/domain/accept/sender-policy.ts';
import type { AskedRecipients } from '../../../shared/domain/act/choose-recipients.ts';
import type { Rules } from '../../../shared/domain/rules.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import { answered, HOUR, MAILBOX, Stage } from '../usecases/stage.ts';
import { OPERATOR, OWNER } from './acting.ts';
import { A, ADMIT, B, type Bounces, bounceOn, C, newId, THREE, whyNot } from './bounced.ts';

let stage: Stage;
let at: Bounces;
beforeEach(() => {
  stage = new Stage();
  at = bounceOn(stage);
});

describe('to a corrected address', () => {
  test('is a new mail from the copy, which refers to the first; each names the other, and the recipient, who and why', async () => {
    const id = await at.bounced([B]);
    const asked = [{ address: 'bob@example.org', replaces: B }];
    const made = newId(await at.resend(id, asked, { reason: 'The customer has told us' }));
    const first = await stage.record(id);
    expect(first).toMatchObject({ status: 'sent', resentAs: made });
    expect(await at.recipientsOf(id)).toMatchObject([{ address: A }, { address: B, action: 'failed', resentAs: made }, { address: C }]);
    expect((await stage.log.events(MAILBOX, id)).at(-1)).toMatchObject({
      type: 'resent',
      detail: `as ${made}, to 1 of 3 recipients, by application application-1: The customer has told us`,
    });
    expect(await stage.record(made)).toMatchObject({ resendOf: id, format: 'mime', operation: 'sendMail', subject: 'Invoice' });
    expect(await at.recipientsOf(made)).toEqual([{ address: 'bob@example.org', type: 'to', replaces: B }]);
    expect(at.mimeOf(made)).toBe(
      `To: bob@example.org\r\nFrom: Sender <${MAILBOX}>\r\nDate: ${new Date(stage.now()).toUTCString().replace('GMT', '+0000')}\r\nReferences: ${first.internetMessageId}\r\nSubject: Invoice\r\n\r\nHello\r\n`,
    );
    expect((await stage.record(made)).internetMessageId).not.toBe(first.internetMessageId);
    expect(await at.sentAgain(id)).toEqual({ 'bob@example.org': 1 });
  });

  test('twice is one resend, and with another address is refused', async () => {
    const id = await at.bounced([B]);
    const asked = [{ address: 'bob@example.org', replaces: B }];
    const made = newId(await at.resend(id, asked));
    expect(newId(await at.resend(id, asked))).toBe(made);
    expect(newId(await at.resend(id, 'failed'))).toBe(made);
    expect(whyNot(await at.resend(id, [{ address: 'robert@example.org', replaces: B }]))).toContain(`already, as ${made}`);
    expect(await at.sentAgain(id)).toEqual({ 'bob@example.org': 1 });
  });

  test('that is cancelled before it goes out has sent nothing: another address may be named', async () => {
    const id = await at.bounced([B]);
    const wrong = newId(await at.resend(id, [{ address: 'rob@example.org', replaces: B }]));
    await new Actions(stage.context, stage.log).cancel(OWNER, { mailbox: MAILBOX, id: wrong });
    const right = newId(await at.resend(id, [{ address: 'bob@example.org', replaces: B }]));
    expect(newId(await at.resend(id, 'failed'))).toBe(right);
    expect(await stage.record(id)).toMatchObject({ resentAs: right });
    await at.fails(id, [C]);
    const other = newId(await at.resend(id, [{ address: C }]));
    await new Actions(stage.context, stage.log).cancel(OWNER, { mailbox: MAILBOX, id: other });
    newId(await at.resend(id, 'failed'));
    expect(await at.sentAgain(id)).toEqual({ 'bob@example.org': 1, [C]: 1 });
  });

  test('that fails in its turn is corrected in the new send request', async () => {
    const id = await at.bounced([B]);
    const made = newId(await at.resend(id, [{ address: 'bob@example.org', replaces: B }]));
    await stage.deliverAll();
    const item = stage.graph.submissions.at(-1);
    if (item) item.mime = Buffer.from(`From: ${MAILBOX}\r\nTo: bob@example.org\r\nMessage-ID: ${item.internetMessageId}\r\n\r\nHello`);
    await at.fails(made, ['bob@example.org']);
    expect((await stage.record(made)).status).toBe('failed');
    newId(await at.resend(made, [{ address: 'robert@example.org', replaces: 'bob@example.org' }]));
    expect(await at.sentAgain(id)).toEqual({ 'bob@example.org': 1, 'robert@example.org': 1 });
  });
});

describe('to those that failed', () => {
  test('chooses each once, also if they fail one after the other', async () => {
    const id = await at.bounced([B]);
    const one = newId(await at.resend(id, 'failed'));
    await at.fails(id, [C]);
    const two = newId(await at.resend(id, 'failed'));
    expect(two).not.toBe(one);
    expect((await stage.record(id)).resentAs).toBe(two);
    await at.fails(id, [A]);
    expect((await stage.record(id)).status).toBe('failed');
    newId(await at.resend(id));
    expect(await at.sentAgain(id)).toEqual({ [A]: 1, [B]: 1, [C]: 1 });
  });

  test('by many at the same time, and for different recipients, sends to each once', async () => {
    const id = await at.bounced([B, C]);
    const orders: AskedRecipients[] = ['failed', [{ address: B }], [{ address: C }], 'failed', [{ address: C }, { address: B }]];
    await Promise.all(orders.map((asked) => at.resend(id, asked)));
    expect(await at.sentAgain(id)).toEqual({ [B]: 1, [C]: 1 });
    expect((await at.recipientsOf(id)).filter(({ resentAs }) => resentAs !== undefined)).toHaveLength(2);
  });

  test('by a process that was slow to write the link does not undo later links', async () => {
    const id = await at.bounced([B]);
    let last: string | undefined;
    stage.before('queue.enqueue', async () => {
      newId(await at.resend(id, 'failed'));
      await at.fails(id, [C]);
      last = newId(await at.resend(id, 'failed'));
    });
    newId(await at.resend(id, 'failed'));
    expect((await stage.record(id)).resentAs).toBe(last);
    expect((await stage.events(id)).filter((type) => type === 'resent')).toHaveLength(2);
    expect(await at.sentAgain(id)).toEqual({ [B]: 1, [C]: 1 });
  });
});

describe('a dry run', () => {
  test('says to whom and with which content, and sends nothing', async () => {
    const id = await at.bounced([B]);
    expect(await at.resend(id, 'failed', { dryRun: true })).toMatchObject({
      kind: 'possible',
      source: 'copy',
      recipients: [{ address: B }],
    });
    expect(stage.queue.queued).toEqual([]);
    expect((await stage.record(id)).resentAs).toBeUndefined();
    expect(stage.telemetry.named('operatorAction')).toEqual([]);
  });

  test('says that an address is suppressed, as the resend itself does', async () => {
    stage = new Stage({ rules: { suppressionExpiryMs: 90 * 24 * HOUR } });
    at = bounceOn(stage);
    const id = await at.bounced([B]);
    const dry = await at.resend(id, 'failed', { dryRun: true });
    expect(dry).toMatchObject({ kind: 'refused', problem: { message: expect.stringContaining(B) } });
    expect(await at.resend(id, 'failed')).toEqual(dry);
  });

  test('says why not, and what was sent again already', async () => {
    const id = await at.bounced([B]);
    expect(whyNot(await at.resend(id, 'all', { dryRun: true }))).toContain('Exchange has taken the mail');
    const made = newId(await at.resend(id, 'failed'));
    expect(whyNot(await at.resend(id, 'failed', { dryRun: true }))).toBe(`The send request was sent again already, as ${made}.`);
  });
});

describe('the content', () => {
  const lose = () => {
    for (const item of stage.graph.items) delete item.mime;
  };

  test('is found by its marks if Sent Items has not shown the copy yet', async () => {
    const id = await stage.post({ recipients: THREE });
    await stage.deliver();
    await at.giveCopy(id);
    const stored = await stage.log.read(MAILBOX, id);
    const failed = THREE.map((one) => ({ ...one, action: 'failed' as const }));
    if (stored) await stage.log.write({ record: { ...stored.value, status: 'failed' }, events: [], recipients: failed }, stored.etag);
    expect((await stage.record(id)).copyId).toBeUndefined();
    newId(await at.resend(id));
    expect(await at.sentAgain(id)).toEqual({ [A]: 1, [B]: 1, [C]: 1 });
  });

  test('that is neither in Sent Items nor in Blob Storage is an answer that says so', async () => {
    const id = await at.bounced([B]);
    lose();
    expect(whyNot(await at.resend(id, 'failed'))).toBe(
      'The send request is sent, and its content is not stored any more: neither in Sent Items nor in Blob Storage. Post the mail again.',
    );
  });

  test('that Graph does not give now may be asked for later', async () => {
    const id = await at.bounced([B]);
    stage.graph.answerNext('getWholeMime', answered(429, 'ApplicationThrottled'));
    expect(await at.resend(id, 'failed')).toMatchObject({
      kind: 'refused',
      problem: { status: 503, retryAfter: 60, message: expect.stringContaining('429 ApplicationThrottled') },
    });
    newId(await at.resend(id, 'failed'));
  });

  test('that the HTTP API would refuse is not sent', async () => {
    const id = await at.bounced([B]);
    await at.giveCopy(id, 'Resent-From: a@b@c\r\n');
    expect(await at.resend(id, 'failed')).toMatchObject({ kind: 'refused', problem: { status: 400 } });
  });

  const withRules = (rules: Partial<Rules>) => {
    stage = new Stage({ rules });
    at = bounceOn(stage);
  };

  test('that is kept goes out in the form in which it was posted', async () => {
    withRules({ resendContent: 'keep' });
    const message = { subject: 'Invoice', toRecipients: THREE.map(({ address }) => ({ emailAddress: { address } })) };
    const id = await at.bounced([B], { content: new TextEncoder().encode(JSON.stringify({ message })) });
    lose();
    expect(await at.resend(id, 'failed', { dryRun: true })).toMatchObject({ kind: 'possible', source: 'kept' });
    const made = newId(await at.resend(id, 'failed'));
    expect(await stage.record(made)).toMatchObject({ format: 'json' });
    expect(JSON.parse((stage.successor().message.content as { text: string }).text)).toMatchObject({
      message: { toRecipients: [{ emailAddress: { address: B } }] },
    });
  });

  test('of a reply is taken from the copy, because what was posted cannot have other recipients', async () => {
    withRules({ resendContent: 'keep' });
    const id = await at.bounced([B], { operation: 'reply', format: 'mime', targetMessageId: 'AAMk' });
    const made = newId(await at.resend(id, 'failed'));
    const again = await stage.record(made);
    expect(again).toMatchObject({ operation: 'sendMail', format: 'mime' });
    expect(again.targetMessageId).toBeUndefined();
    expect(at.mimeOf(made)).toMatch(/^To: b@example\.com\r\n/);
  });

  test('is not kept if nobody wants it, and the answer says so', async () => {
    withRules({ resendContent: 'none' });
    const id = await at.bounced([B]);
    expect(whyNot(await at.resend(id, 'failed'))).toBe(
      'The send request is sent, and its content is not kept, because RESEND_CONTENT is "none". Post the mail again.',
    );
  });
});

describe('in an environment that is not production', () => {
  test('goes where mail goes from here, also to a corrected address', async () => {
    const id = await at.bounced([B]);
    stage.context.rules.nonProduction = { redirectTo: 'test@contoso.com', allowedDomains: [] };
    const made = newId(await at.resend(id, [{ address: 'bob@example.org', replaces: B }]));
    expect(await stage.record(made)).toMatchObject({ redirectedTo: 'test@contoso.com' });
    expect(at.mimeOf(made)).toMatch(/^x-redirected-from: bob@example\.org\r\nTo: test@contoso\.com\r\n/);
  });

  test('what was redirected once never goes to its recipients', async () => {
    const id = await at.bounced([B], { redirectedTo: 'test@contoso.com' });
    const made = newId(await at.resend(id, 'failed'));
    expect(at.mimeOf(made)).toMatch(/^x-redirected-from: b@example\.com\r\nTo: test@contoso\.com\r\n/);
    expect((await stage.record(made)).redirectedTo).toBe('test@contoso.com');
  });
});

test('the sender policy of the application decides on a corrected address, also if an operator corrects it', async () => {
  const application = '11111111-2222-3333-4444-555555555555';
  const read = readSenderPolicy({
    applications: [{ name: 'A', applicationId: application, mailboxes: [MAILBOX], recipientDomains: ['example.com'] }],
  });
  if (!read.ok) throw new Error(read.problems.join());
  const id = await at.bounced([B], { application });
  stage.context.policy = { get: async () => read.policy };
  const asked = (address: string) =>
    new Actions(stage.context, stage.log).resend(OPERATOR, { mailbox: MAILBOX, id }, { recipients: [{ address, replaces: B }] }, ADMIT);
  expect(await asked('bob@example.org')).toMatchObject({ kind: 'refused', problem: { status: 403 } });
  expect(await asked('bob@example.com')).toMatchObject({ kind: 'resent' });
});
