// What Graph's mail API must be to the use cases, whoever plays it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MARK_HEADER, MARK_PROPERTY } from '../../../shared/domain/doubt/marks.ts';
import type { CallContext, GraphAnswer, GraphMail, Payload } from '../../../shared/ports/graph-mail.ts';
import { newId } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

export interface GraphHarness extends Harness<GraphMail> {
  mailbox: string;
  /** A mail arrives in the Inbox, or is filed elsewhere. */
  receive(mime: string, itemClass?: string, folder?: 'junkemail'): Promise<void>;
  /** Waits until what was submitted is in Sent Items. */
  settled(): Promise<void>;
  /** How many mails with this Message-ID were handed to Exchange. */
  submitted(internetMessageId: string): number;
  /** Time goes on. */
  later(): Promise<void>;
  now(): number;
}

const bodyOf = <T>(answer: GraphAnswer<T>): T => {
  if (answer.kind !== 'answered' || answer.body === undefined) throw new Error(JSON.stringify(answer));
  return answer.body;
};

export function describeGraphMail(name: string, harness: GraphHarness): void {
  describe(`graph mail contract: ${name}`, () => {
    let graph: GraphMail;
    const call = (): CallContext => ({ mailbox: harness.mailbox, clientRequestId: crypto.randomUUID(), timeoutMs: 30_000 });
    const names = () => {
      const id = newId(harness.mailbox);
      return { id, internetMessageId: `<${id}@contoso.com>` };
    };
    const json = (id: string, internetMessageId: string, wrap = true): Payload => {
      const message = {
        subject: "O'Brien & Söhne",
        body: { contentType: 'Text', content: 'Hello' },
        toRecipients: [{ emailAddress: { address: 'bob@contoso.com' } }],
        internetMessageId,
        singleValueExtendedProperties: [{ id: MARK_PROPERTY, value: id }],
      };
      return { contentType: 'application/json', body: JSON.stringify(wrap ? { message } : message) };
    };
    const mime = (id: string, internetMessageId: string): Payload => {
      const lines = [`${MARK_HEADER}: ${id}`, `Message-ID: ${internetMessageId}`, 'To: bob@contoso.com', 'Subject: Hello', '', 'Hello'];
      return { contentType: 'text/plain', body: Buffer.from(lines.join('\r\n')).toString('base64') };
    };

    beforeAll(async () => {
      graph = await harness.create();
    });
    afterAll(() => harness.dispose());

    it.each(['json', 'mime'])('a mail submitted as %s is accepted once and found by its mark and by its Message-ID', async (format) => {
      const { id, internetMessageId } = names();
      const payload = format === 'json' ? json(id, internetMessageId) : mime(id, internetMessageId);
      expect(await graph.submit(call(), 'sendMail', payload)).toMatchObject({ kind: 'answered', status: 202 });
      await harness.settled();
      expect(harness.submitted(internetMessageId)).toBe(1);
      for (const found of [await graph.findByMark(call(), id), await graph.findByMessageId(call(), internetMessageId)])
        expect(bodyOf(found)).toMatchObject([{ internetMessageId, mark: id, isDraft: false }]);
    });

    it('what nobody sent is not found', async () => {
      const { id, internetMessageId } = names();
      expect(await graph.findByMark(call(), id)).toMatchObject({ status: 200, body: [] });
      expect(await graph.findByMessageId(call(), internetMessageId)).toMatchObject({ status: 200, body: [] });
      expect(await graph.findByMessageId(call(), "<o'brien&co+%23@contoso.com>")).toMatchObject({ status: 200, body: [] });
    });

    it('a draft is there unsubmitted until it is sent, then under the same id as a copy', async () => {
      const { id, internetMessageId } = names();
      const created = await graph.createDraft(call(), 'messages', json(id, internetMessageId, false));
      expect(created).toMatchObject({ status: 201, body: { internetMessageId } });
      const draftId = bodyOf(created).id;
      expect(bodyOf(await graph.getCopy(call(), draftId))).toMatchObject({ id: draftId, mark: id, isDraft: true, isSubmitted: false });
      expect(bodyOf(await graph.findByMark(call(), id))).toMatchObject([{ id: draftId, isDraft: true }]);
      expect(await graph.sendDraft(call(), draftId)).toMatchObject({ status: 202 });
      await harness.settled();
      expect(bodyOf(await graph.getCopy(call(), draftId))).toMatchObject({ id: draftId, mark: id, isDraft: false });
      expect(harness.submitted(internetMessageId)).toBe(1);
      expect(await graph.sendDraft(call(), draftId)).toMatchObject({ status: 404 });
    });

    it('the delta of Sent Items shows a copy with its mark once, and then only what is new', async () => {
      const since = new Date(harness.now() - 60_000).toISOString();
      const [one, two] = [names(), names()];
      await graph.submit(call(), 'sendMail', json(one.id, one.internetMessageId));
      await harness.settled();
      const first = bodyOf(await graph.sentItemsDelta(call(), { since }));
      expect(first.copies.filter(({ mark }) => mark === one.id)).toMatchObject([
        { internetMessageId: one.internetMessageId, isDraft: false },
      ]);
      expect(first.deltaLink).toBeDefined();
      await graph.submit(call(), 'sendMail', json(two.id, two.internetMessageId));
      await harness.settled();
      const second = bodyOf(await graph.sentItemsDelta(call(), { link: first.deltaLink ?? '' }));
      expect(second.copies.map(({ mark }) => mark)).toEqual([two.id]);
      expect(bodyOf(await graph.sentItemsDelta(call(), { link: second.deltaLink ?? '' })).copies).toEqual([]);
    });

    it('a copy that was removed is not in Sent Items any more', async () => {
      const { id, internetMessageId } = names();
      await graph.submit(call(), 'sendMail', json(id, internetMessageId));
      await harness.settled();
      const [copy] = bodyOf(await graph.findByMark(call(), id));
      const before = bodyOf(await graph.sentItemsDelta(call(), { since: new Date(harness.now() - 60_000).toISOString() }));
      expect(await graph.remove(call(), copy?.id ?? '')).toMatchObject({ status: 204 });
      const { copies } = bodyOf(await graph.sentItemsDelta(call(), { link: before.deltaLink ?? '' }));
      expect(copies).toMatchObject([{ id: copy?.id, removed: true }]);
    });

    it('reports are listed by their class or by what they look like, oldest first; other mail is not', async () => {
      await harness.later();
      const since = new Date(harness.now()).toISOString();
      const mail = (...header: string[]) => [...header, 'To: sender@contoso.com', 'Subject: x', '', 'text'].join('\r\n');
      await harness.receive(mail('From: alice@contoso.com', 'Message-ID: <a@x>', 'Content-Type: text/plain'));
      await harness.receive(mail('From: alice@contoso.com', 'Message-ID: <b@x>', 'Content-Type: text/plain'), 'REPORT.IPM.Note.NDR');
      await harness.later();
      await harness.receive(mail('From: mx@example.org', 'Message-ID: <c@x>', 'Content-Type: multipart/report; boundary=b'));
      const page = bodyOf(await graph.listReports(call(), { since }));
      expect(page.items.map(({ internetMessageId }) => internetMessageId)).toEqual(['<b@x>', '<c@x>']);
      expect(page.items[0]?.itemClass).toBe('REPORT.IPM.Note.NDR');
      expect(page.readUntil).toBe(page.items[1]?.receivedDateTime);
      await harness.later();
      expect(bodyOf(await graph.listReports(call(), { since: new Date(harness.now()).toISOString() })).items).toEqual([]);
    });

    it('reports are seen in whatever folder they are, and copies of what was sent are none', async () => {
      await harness.later();
      const since = new Date(harness.now()).toISOString();
      const { id, internetMessageId } = names();
      await graph.submit(call(), 'sendMail', json(id, internetMessageId));
      await harness.settled();
      const filed = ['From: mx@example.org', 'Message-ID: <junk@x>', 'Content-Type: multipart/report; boundary=b', '', 'text'].join('\r\n');
      await harness.receive(filed, undefined, 'junkemail');
      const page = bodyOf(await graph.listReports(call(), { since }));
      expect(page.items.map((item) => item.internetMessageId)).toEqual(['<junk@x>']);
    });

    it('the MIME of a copy is whole, and one that is larger than it may be is no answer', async () => {
      await harness.later();
      const { internetMessageId } = names();
      const mime = `From: ${harness.mailbox}\r\nTo: a@example.com\r\nMessage-ID: ${internetMessageId}\r\n\r\n${'text\r\n'.repeat(1000)}`;
      await graph.submit(call(), 'sendMail', { contentType: 'text/plain', body: Buffer.from(mime).toString('base64') });
      await harness.settled();
      const [copy] = bodyOf(await graph.findByMessageId(call(), internetMessageId));
      expect(Buffer.from(bodyOf(await graph.getWholeMime(call(), copy?.id ?? '', 100_000))).toString()).toBe(mime);
      expect(await graph.getWholeMime(call(), copy?.id ?? '', 1000)).toMatchObject({ kind: 'noAnswer' });
    });

    it('the MIME of a received mail is what was received', async () => {
      await harness.later();
      const since = new Date(harness.now()).toISOString();
      const text = ['From: postmaster@example.org', 'Message-ID: <d@x>', 'Content-Type: multipart/report; boundary=b', '', 'text'].join(
        '\r\n',
      );
      await harness.receive(text, 'REPORT.IPM.Note.NDR');
      const [item] = bodyOf(await graph.listReports(call(), { since })).items;
      expect(Buffer.from(bodyOf(await graph.getMime(call(), item?.id ?? ''))).toString()).toContain('Message-ID: <d@x>');
    });
  });
}
