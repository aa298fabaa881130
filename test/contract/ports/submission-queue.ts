// What every queue of send requests must do, whatever carries it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSendRequestId } from '../../../shared/domain/log/send-request-id.ts';
import type { SubmissionQueue } from '../../../shared/ports/submission-queue.ts';
import { newMailbox, queueMessage } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

/** A message as it lies on the queue. */
interface OnQueue {
  messageId: string;
  sessionId: string;
  body: unknown;
  notBefore?: string;
}

export interface QueueHarness extends Harness<SubmissionQueue> {
  onQueue(sessionId: string): Promise<OnQueue[]>;
}

export function describeSubmissionQueue(name: string, harness: QueueHarness): void {
  describe(`submission queue contract: ${name}`, () => {
    let queue: SubmissionQueue;
    beforeAll(async () => {
      queue = await harness.create();
    });
    afterAll(() => harness.dispose());

    it('a message lies on the queue whole, under its id and step, in the session of its mailbox and lane', async () => {
      const message = queueMessage(newMailbox(), {
        lane: '1',
        step: 3,
        subject: 'Grüße 🚀',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      });
      expect(await queue.enqueue(message)).toEqual({ kind: 'enqueued' });
      const sessionId = `${message.mailbox}/1`;
      expect(await harness.onQueue(sessionId)).toEqual([{ messageId: `${message.id}/3`, sessionId, body: message }]);
      expect(isSendRequestId(message.id)).toBe(true);
    });

    it('the same id and step again is enqueued and changes nothing, another step is another message', async () => {
      const message = queueMessage(newMailbox());
      for (const step of [0, 0, 1, 0]) expect((await queue.enqueue({ ...message, step })).kind).toBe('enqueued');
      expect((await harness.onQueue(`${message.mailbox}/0`)).map(({ messageId }) => messageId)).toEqual([
        `${message.id}/0`,
        `${message.id}/1`,
      ]);
    });

    it('a successor is not visible before its time', async () => {
      const notBefore = new Date(Date.now() + 3_600_000).toISOString();
      const message = queueMessage(newMailbox());
      await queue.enqueue(message, notBefore);
      expect((await harness.onQueue(`${message.mailbox}/0`))[0]?.notBefore).toBe(notBefore);
    });

    it('a body of the largest inline size goes through', async () => {
      const message = queueMessage(newMailbox());
      const room = queue.maximumInlineBytes - Buffer.byteLength(JSON.stringify(message));
      const large = { ...message, content: { format: 'mime' as const, kind: 'inline' as const, text: 'A'.repeat(room) } };
      expect((await queue.enqueue(large)).kind).toBe('enqueued');
    });

    it('a mailbox of any length has a session', async () => {
      const message = queueMessage(`${'x'.repeat(200)}@contoso.com`);
      expect((await queue.enqueue(message)).kind).toBe('enqueued');
    });

    it('check passes while the queue answers', async () => {
      await expect(queue.check()).resolves.toBeUndefined();
    });
  });
}
