// Recipients that are known only when the draft is made count too.
import { describe, expect, test } from 'vitest';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { mailboxLimits, tenantLimit } from '../../../shared/usecases/limits/show-limits.ts';
import { Hosts } from './limit-hosts.ts';
import { answered, HOUR, MAILBOX } from './stage.ts';

describe('recipients that only the draft shows', () => {
  /** A reply: the original has more recipients than the request names. */
  async function replied(addresses: readonly string[]) {
    const hosts = new Hosts({ tenantExternalRecipientsPerDay: 50 }, 1);
    const { graph } = hosts.stage;
    const createDraft = graph.createDraft.bind(graph);
    graph.createDraft = async (...args) => {
      const answer = await createDraft(...args);
      const recipients = addresses.map((address) => ({ address, type: 'to' as const }));
      return 'body' in answer && answer.body ? { ...answer, body: { ...answer.body, recipients } } : answer;
    };
    return hosts;
  }
  const content = new TextEncoder().encode('{}');
  const reply: Partial<EnqueueCommand> = { operation: 'replyAll', targetMessageId: 'AAMk', recipients: [], content };

  test('count with the draft, for the mailbox and for the tenant', async () => {
    const hosts = await replied(['a@example.com', 'b@example.com', 'c@example.com', 'd@contoso.com']);
    const id = await hosts.stage.post(reply);
    await hosts.run(0);
    expect((await hosts.stage.record(id)).acceptedDateTime).toBeDefined();
    const view = await mailboxLimits(hosts.stage.context, MAILBOX, 'application-1');
    expect(view?.recipientsPerDay.used).toBe(4);
    expect(view?.messagesPerMinute.used).toBe(1);
    expect((await tenantLimit(hosts.stage.context))?.used).toBe(3);
  });

  test('count again with each further attempt', async () => {
    const hosts = await replied(['a@example.com', 'b@example.com', 'c@example.com']);
    hosts.stage.graph.answerNext('sendDraft', answered(503), false);
    await hosts.stage.post(reply);
    await hosts.run(HOUR);
    expect(hosts.sent).toHaveLength(1);
    expect((await mailboxLimits(hosts.stage.context, MAILBOX, 'application-1'))?.recipientsPerDay.used).toBe(6);
    expect((await tenantLimit(hosts.stage.context))?.used).toBe(6);
  });

  test('count though another host was faster, and are lost by nobody', async () => {
    const hosts = await replied(['a@example.com', 'b@example.com']);
    const other = hosts.stage.anotherProcess();
    let rivals = 0;
    const rival = async () => {
      rivals++;
      const stored = await hosts.stage.log.usage(MAILBOX);
      if (stored) await other.log.writeUsage(MAILBOX, { usage: stored.value, etag: stored.etag });
    };
    hosts.stage.before('log.write', rival, 1);
    await hosts.stage.post(reply);
    await hosts.run(0);
    expect((await mailboxLimits(hosts.stage.context, MAILBOX, 'application-1'))?.recipientsPerDay.used).toBe(2);
    expect(rivals).toBe(1);
    // The claim, the draft twice, and the acceptance.
    expect(hosts.stage.calls.filter((call) => call === 'log.write')).toHaveLength(4);
    expect(hosts.sent).toHaveLength(1);
  });
});
