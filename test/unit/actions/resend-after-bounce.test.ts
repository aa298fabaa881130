// Sending again what Exchange has taken and returned: each recipient gets the mail once, whatever happens in between.
import { beforeEach, describe, expect, test } from 'vitest';
import { readSenderPolicy } from '../../../shared/domain/accept/sender-policy.ts';
import type { AskedRecipients } from '../../../shared/domain/act/choose-recipients.ts';
import type { Rules } from '../../../shared/domain/rules.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import type { ResendOrder, Resent } from '../../../shared/usecases/act/resend-send-request.ts';
import { group, NDR, reported } from '../usecases/reported.ts';
import { answered, MAILBOX, Stage } from '../usecases/stage.ts';
import { OPERATOR, OWNER } from './acting.ts';

const [A, B, C] = ['a@example.com', 'b@example.com', 'c@example.com'];
const THREE = [A, B, C].map((address) => ({ address, type: 'to' as const }));
const ADMIT = async () => undefined;

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const resend = (id: string, recipients?: AskedRecipients, order: ResendOrder = {}): Promise<Resent> =>
  new Actions(stage.context, stage.log).resend(OWNER, { mailbox: MAILBOX, id }, { recipients, ...order }, ADMIT);
const newId = (resent: Resent): string => {
  if (resent.kind !== 'resent') throw new Error(JSON.stringify(resent));
  return resent.as.id;
};
const whyNot = (resent: Resent): string => ('why' in resent ? resent.why : 'problem' in resent ? resent.problem.message : resent.kind);

/** The copy as Exchange shows it. */
async function giveCopy(id: string, extra = ''): Promise<void> {
  const { internetMessageId } = await stage.record(id);
  const item = stage.graph.items.find((one) => one.internetMessageId === internetMessageId);
  if (!item) throw new Error('no copy');
  item.mime = new TextEncoder().encode(
    `Received: by prod.outlook.com\r\nFrom: Sender <${MAILBOX}>\r\nTo: "Ada" <${A}>, ${B}, ${C}\r\nSubject: Invoice\r\nMessage-ID: ${internetMessageId}\r\n${extra}\r\nHello\r\n`,
  );
}

/** It went out to three, and was returned for these. */
async function bounced(failed: readonly string[], more: Partial<EnqueueCommand> = {}): Promise<string> {
  const id = await stage.post({ recipients: THREE, ...more });
  await stage.deliver();
  await giveCopy(id);
  await fails(id, failed);
  return id;
}
const fails = (id: string, failed: readonly string[]) =>
  reported(
    stage,
    id,
    failed.map((address) => group(address, 'failed', '5.1.10')),
    NDR,
  );

const recipientsOf = (id: string) => stage.log.recipients(MAILBOX, id);
/** How often each address was handed to Exchange, the first mail left out. */
async function sentAgain(first: string): Promise<Record<string, number>> {
  await stage.deliverAll();
  const counts: Record<string, number> = {};
  for (const { mark = '' } of stage.graph.submissions) {
    for (const { address } of mark === first ? [] : await recipientsOf(mark)) counts[address] = (counts[address] ?? 0) + 1;
  }
  return counts;
}
const mimeOf = (id: string): string => {
  const content = stage.queue.queued.find(({ message }) => message.id === id)?.message.content;
  return content?.kind === 'inline' ? Buffer.from(content.text, 'base64').toString() : '';
};

describe('to a corrected address', () => {
  test('is a new mail from the copy, which refers to the first; each names the other, and the recipient, who and why', async () => {
    const id = await bounced([B]);
    const asked = [{ address: 'bob@example.org', replaces: B }];
    const made = newId(await resend(id, asked, { reason: 'The customer has told us' }));
    const first = await stage.record(id);
    expect(first).toMatchObject({ status: 'sent', resentAs: made });
    expect(await recipientsOf(id)).toMatchObject([{ address: A }, { address: B, action: 'failed', resentAs: made }, { address: C }]);
    expect((await stage.log.events(MAILBOX, id)).at(-1)).toMatchObject({
      type: 'resent',
      detail: `as ${made}, to 1 of 3 recipients, by application application-1: The customer has told us`,
    });
    expect(await stage.record(made)).toMatchObject({ resendOf: id, format: 'mime', operation: 'sendMail', subject: 'Invoice' });
    expect(await recipientsOf(made)).toEqual([{ address: 'bob@example.org', type: 'to', replaces: B }]);
    expect(mimeOf(made)).toBe(
      `To: bob@example.org\r\nFrom: Sender <${MAILBOX}>\r\nDate: ${new Date(stage.now()).toUTCString().replace('GMT', '+0000')}\r\nReferences: ${first.internetMessageId}\r\nSubject: Invoice\r\n\r\nHello\r\n`,
    );
    expect((await stage.record(made)).internetMessageId).not.toBe(first.internetMessageId);
    expect(await sentAgain(id)).toEqual({ 'bob@example.org': 1 });
  });

  test('twice is one resend, and with another address is refused', async () => {
    const id = await bounced([B]);
    const asked = [{ address: 'bob@example.org', replaces: B }];
    const made = newId(await resend(id, asked));
    expect(newId(await resend(id, asked))).toBe(made);
    expect(newId(await resend(id, 'failed'))).toBe(made);
    expect(whyNot(await resend(id, [{ address: 'robert@example.org', replaces: B }]))).toContain(`already, as ${made}`);
    expect(await sentAgain(id)).toEqual({ 'bob@example.org': 1 });
  });

  test('that fails in its turn is corrected in the new send request', async () => {
    const id = await bounced([B]);
    const made = newId(await resend(id, [{ address: 'bob@example.org', replaces: B }]));
    await stage.deliverAll();
    const item = stage.graph.submissions.at(-1);
    if (item) item.mime = Buffer.from(`From: ${MAILBOX}\r\nTo: bob@example.org\r\nMessage-ID: ${item.internetMessageId}\r\n\r\nHello`);
    await fails(made, ['bob@example.org']);
    expect((await stage.record(made)).status).toBe('failed');
    newId(await resend(made, [{ address: 'robert@example.org', replaces: 'bob@example.org' }]));
    expect(await sentAgain(id)).toEqual({ 'bob@example.org': 1, 'robert@example.org': 1 });
  });
});

describe('to those that failed', () => {
  test('chooses each once, also if they fail one after the other', async () => {
    const id = await bounced([B]);
    const one = newId(await resend(id, 'failed'));
    await fails(id, [C]);
    const two = newId(await resend(id, 'failed'));
    expect(two).not.toBe(one);
    expect((await stage.record(id)).resentAs).toBe(two);
    await fails(id, [A]);
    expect((await stage.record(id)).status).toBe('failed');
    newId(await resend(id));
    expect(await sentAgain(id)).toEqual({ [A]: 1, [B]: 1, [C]: 1 });
  });

  test('by many at the same time, and for different recipients, sends to each once', async () => {
    const id = await bounced([B, C]);
    const orders: AskedRecipients[] = ['failed', [{ address: B }], [{ address: C }], 'failed', [{ address: C }, { address: B }]];
    await Promise.all(orders.map((asked) => resend(id, asked)));
    expect(await sentAgain(id)).toEqual({ [B]: 1, [C]: 1 });
    expect((await recipientsOf(id)).filter(({ resentAs }) => resentAs !== undefined)).toHaveLength(2);
  });

  test('by a process that was slow to write the link does not undo later links', async () => {
    const id = await bounced([B]);
    let last: string | undefined;
    stage.before('queue.enqueue', async () => {
      newId(await resend(id, 'failed'));
      await fails(id, [C]);
      last = newId(await resend(id, 'failed'));
    });
    newId(await resend(id, 'failed'));
    expect((await stage.record(id)).resentAs).toBe(last);
    expect((await stage.events(id)).filter((type) => type === 'resent')).toHaveLength(2);
    expect(await sentAgain(id)).toEqual({ [B]: 1, [C]: 1 });
  });
});

/** Every write of a resend, in its order: the record with its key, the queue message, its confirmation, the link. */
const WRITES = [
  ['log.create', 0],
  ['queue.enqueue', 0],
  ['log.write', 0],
  ['log.write', 1],
] as const;
const POINTS = WRITES.flatMap(([call, skip]) => (['before', 'after'] as const).map((when) => [when, call, skip] as const));

describe('a process that dies', () => {
  /** The confirmation need not succeed, since the worker's writes confirm the request, too: then the resend goes on. */
  async function interrupted(id: string, [when, call, skip]: (typeof POINTS)[number], asked: AskedRecipients): Promise<void> {
    let hasDied = false;
    const die = () => {
      hasDied = true;
      throw new Error('the process died');
    };
    stage[when](call, die, skip);
    await resend(id, asked).catch(({ message }: Error) => expect(message).toBe('the process died'));
    expect(hasDied).toBe(true);
  }

  test.each(POINTS)('%s %s (%i): a repeat gives the same new request, and the link', async (...point) => {
    const id = await bounced([B]);
    await interrupted(id, point, 'failed');
    const made = newId(await resend(id, 'failed'));
    expect(await stage.record(id)).toMatchObject({ resentAs: made });
    expect(await recipientsOf(id)).toMatchObject([{}, { address: B, resentAs: made }, {}]);
    expect(await sentAgain(id)).toEqual({ [B]: 1 });
    expect(stage.graph.submissions).toHaveLength(2);
  });

  test.each(POINTS)('%s %s (%i): a resend to others finishes what was begun, and sends to nobody twice', async (...point) => {
    const id = await bounced([B]);
    await interrupted(id, point, [{ address: 'bob@example.org', replaces: B }]);
    await fails(id, [C]);
    newId(await resend(id, [{ address: C }]));
    const begun = (await recipientsOf(id)).find(({ address }) => address === B)?.resentAs;
    if (begun === undefined) newId(await resend(id, [{ address: 'bob@example.org', replaces: B }]));
    expect(await sentAgain(id)).toEqual({ 'bob@example.org': 1, [C]: 1 });
  });

  test.each(POINTS)('%s %s (%i): while the mail goes out, too', async (...point) => {
    const id = await bounced([B]);
    await interrupted(id, point, 'failed');
    await stage.deliverAll();
    await fails(id, [C]);
    newId(await resend(id, 'failed'));
    expect(await sentAgain(id)).toEqual({ [B]: 1, [C]: 1 });
    expect((await recipientsOf(id)).filter(({ resentAs }) => resentAs !== undefined)).toHaveLength(2);
  });
});

describe('a dry run', () => {
  test('says to whom and with which content, and sends nothing', async () => {
    const id = await bounced([B]);
    expect(await resend(id, 'failed', { dryRun: true })).toMatchObject({ kind: 'possible', source: 'copy', recipients: [{ address: B }] });
    expect(stage.queue.queued).toEqual([]);
    expect((await stage.record(id)).resentAs).toBeUndefined();
    expect(stage.telemetry.named('operatorAction')).toEqual([]);
  });

  test('says why not, and what was sent again already', async () => {
    const id = await bounced([B]);
    expect(whyNot(await resend(id, 'all', { dryRun: true }))).toContain('Exchange has taken the mail');
    const made = newId(await resend(id, 'failed'));
    expect(whyNot(await resend(id, 'failed', { dryRun: true }))).toBe(`The send request was sent again already, as ${made}.`);
  });
});

describe('the content', () => {
  const lose = () => {
    for (const item of stage.graph.items) delete item.mime;
  };

  test('is found by its marks if Sent Items has not shown the copy yet', async () => {
    const id = await stage.post({ recipients: THREE });
    await stage.deliver();
    await giveCopy(id);
    const stored = await stage.log.read(MAILBOX, id);
    const failed = THREE.map((one) => ({ ...one, action: 'failed' as const }));
    if (stored) await stage.log.write({ record: { ...stored.value, status: 'failed' }, events: [], recipients: failed }, stored.etag);
    expect((await stage.record(id)).copyId).toBeUndefined();
    newId(await resend(id));
    expect(await sentAgain(id)).toEqual({ [A]: 1, [B]: 1, [C]: 1 });
  });

  test('that is neither in Sent Items nor in Blob Storage is an answer that says so', async () => {
    const id = await bounced([B]);
    lose();
    expect(whyNot(await resend(id, 'failed'))).toBe(
      'The send request is sent, and its content is not stored any more: neither in Sent Items nor in Blob Storage. Post the mail again.',
    );
  });

  test('that Graph does not give now may be asked for later', async () => {
    const id = await bounced([B]);
    stage.graph.answerNext('getWholeMime', answered(429, 'ApplicationThrottled'));
    expect(await resend(id, 'failed')).toMatchObject({
      kind: 'refused',
      problem: { status: 503, retryAfter: 60, message: expect.stringContaining('429 ApplicationThrottled') },
    });
    newId(await resend(id, 'failed'));
  });

  test('that the HTTP API would refuse is not sent', async () => {
    const id = await bounced([B]);
    await giveCopy(id, 'Resent-From: a@b@c\r\n');
    expect(await resend(id, 'failed')).toMatchObject({ kind: 'refused', problem: { status: 400 } });
  });

  const withRules = (rules: Partial<Rules>) => {
    stage = new Stage({ rules });
  };

  test('that is kept goes out in the form in which it was posted', async () => {
    withRules({ resendContent: 'keep' });
    const message = { subject: 'Invoice', toRecipients: THREE.map(({ address }) => ({ emailAddress: { address } })) };
    const id = await bounced([B], { content: new TextEncoder().encode(JSON.stringify({ message })) });
    lose();
    expect(await resend(id, 'failed', { dryRun: true })).toMatchObject({ kind: 'possible', source: 'kept' });
    const made = newId(await resend(id, 'failed'));
    expect(await stage.record(made)).toMatchObject({ format: 'json' });
    expect(JSON.parse((stage.successor().message.content as { text: string }).text)).toMatchObject({
      message: { toRecipients: [{ emailAddress: { address: B } }] },
    });
  });

  test('of a reply is taken from the copy, because what was posted cannot have other recipients', async () => {
    withRules({ resendContent: 'keep' });
    const id = await bounced([B], { operation: 'reply', format: 'mime', targetMessageId: 'AAMk' });
    const made = newId(await resend(id, 'failed'));
    const again = await stage.record(made);
    expect(again).toMatchObject({ operation: 'sendMail', format: 'mime' });
    expect(again.targetMessageId).toBeUndefined();
    expect(mimeOf(made)).toMatch(/^To: b@example\.com\r\n/);
  });

  test('is not kept if nobody wants it, and the answer says so', async () => {
    withRules({ resendContent: 'none' });
    const id = await bounced([B]);
    expect(whyNot(await resend(id, 'failed'))).toBe(
      'The send request is sent, and its content is not kept, because RESEND_CONTENT is "none". Post the mail again.',
    );
  });
});

describe('in an environment that is not production', () => {
  test('goes where mail goes from here, also to a corrected address', async () => {
    const id = await bounced([B]);
    stage.context.rules.nonProduction = { redirectTo: 'test@contoso.com', allowedDomains: [] };
    const made = newId(await resend(id, [{ address: 'bob@example.org', replaces: B }]));
    expect(await stage.record(made)).toMatchObject({ redirectedTo: 'test@contoso.com' });
    expect(mimeOf(made)).toMatch(/^x-redirected-from: bob@example\.org\r\nTo: test@contoso\.com\r\n/);
  });

  test('what was redirected once never goes to its recipients', async () => {
    const id = await bounced([B], { redirectedTo: 'test@contoso.com' });
    const made = newId(await resend(id, 'failed'));
    expect(mimeOf(made)).toMatch(/^x-redirected-from: b@example\.com\r\nTo: test@contoso\.com\r\n/);
    expect((await stage.record(made)).redirectedTo).toBe('test@contoso.com');
  });
});

test('the sender policy of the application decides on a corrected address, also if an operator corrects it', async () => {
  const application = '11111111-2222-3333-4444-555555555555';
  const read = readSenderPolicy({
    applications: [{ name: 'A', applicationId: application, mailboxes: [MAILBOX], recipientDomains: ['example.com'] }],
  });
  if (!read.ok) throw new Error(read.problems.join());
  const id = await bounced([B], { application });
  stage.context.policy = { get: async () => read.policy };
  const asked = (address: string) =>
    new Actions(stage.context, stage.log).resend(OPERATOR, { mailbox: MAILBOX, id }, { recipients: [{ address, replaces: B }] }, ADMIT);
  expect(await asked('bob@example.org')).toMatchObject({ kind: 'refused', problem: { status: 403 } });
  expect(await asked('bob@example.com')).toMatchObject({ kind: 'resent' });
});
