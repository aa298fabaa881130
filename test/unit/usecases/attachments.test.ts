// Attachments that follow a draft by themselves: a mail goes out with all of them, or not at all.
import { describe, expect, test } from 'vitest';
import { answered, Stage } from './stage.ts';

const file = (name: string, bytes: number) => ({
  '@odata.type': '#microsoft.graph.fileAttachment',
  name,
  contentBytes: Buffer.alloc(bytes, 'x').toString('base64'),
});
const MB = 1_048_576;

const message = {
  subject: 'Large',
  toRecipients: [{ emailAddress: { address: 'customer@example.com' } }],
  attachments: [file('first.bin', 2 * MB), file('small.bin', 2 * MB), file('large.bin', 7 * MB)],
};
const content = Buffer.from(JSON.stringify({ message }));

/** A mail too large for one request: its first attachment goes with the draft, the second one in a POST, the third one in ranges. */
async function posted(): Promise<{ stage: Stage; id: string }> {
  const stage = new Stage();
  return { stage, id: await stage.post({ content }) };
}

const sent = (stage: Stage) => stage.graph.submissions.map(({ attached }) => attached);

test('a large mail goes out with its attachments', async () => {
  const { stage, id } = await posted();
  await stage.deliverAll();
  expect(sent(stage)).toEqual([['small.bin', 'large.bin']]);
  expect((await stage.record(id)).status).toBe('accepted');
});

describe('a page of a gateway in place of', () => {
  test.each([200, 202, 204])('the answer to an attachment (%s) is no success: the next attempt makes the draft anew', async (status) => {
    const { stage, id } = await posted();
    stage.graph.answerNext('addAttachment', answered(status));
    await stage.deliver();
    expect(await stage.record(id)).toMatchObject({ status: 'deferred', error: { code: `Http${status}` } });
    await stage.deliverAll();
    expect(sent(stage)).toEqual([['small.bin', 'large.bin']]);
  });

  test('the answer to the last range is no success: the session is asked how far it got, and goes on there', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('uploadRange', { ...answered(200) }, true);
    stage.graph.answerNext('uploadRange', { ...answered(200) }, true);
    stage.graph.answerNext('uploadRange', answered(200));
    await stage.deliverAll();
    expect(sent(stage)).toEqual([['small.bin', 'large.bin']]);
    expect(stage.graph.calls.some(({ operation }) => operation === 'uploadPosition')).toBe(true);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('the answer to a range in the middle is noticed at the next one', async () => {
    const { stage } = await posted();
    stage.graph.answerNext('uploadRange', answered(200));
    await stage.deliverAll();
    expect(sent(stage)).toEqual([['small.bin', 'large.bin']]);
  });

  test('the answer that opens the session (a success without a URL) is no success', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('createUploadSession', answered(200));
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('deferred');
    await stage.deliverAll();
    expect(sent(stage)).toEqual([['small.bin', 'large.bin']]);
  });
});

test.each([409, 412, 413, 415, 422, 423, 428, 501, 505, 508])(
  '%s to an attachment ends nothing: the mail goes out later',
  async (status) => {
    for (const code of [undefined, 'ErrorIrresolvableConflict', 'UnknownError']) {
      const { stage, id } = await posted();
      stage.graph.answerNext('addAttachment', answered(status, code));
      await stage.deliver();
      expect((await stage.record(id)).status).toBe('deferred');
      await stage.deliverAll();
      expect(sent(stage)).toEqual([['small.bin', 'large.bin']]);
    }
  },
);
