// The reason of a pause, and of its end: what is wrong with it is said as it is.
import { expect, test } from 'vitest';
import { pauseHandler, resumeHandler } from '../../../shared/adapters/http/pauses-handlers.ts';
import { ask, mailHttp } from './http.ts';

const { dependencies } = mailHttp('sendMail');
const pauses = {
  ...dependencies,
  listPauses: async () => [],
  pause: async () => ({ id: 'everything', scope: 'everything', reason: 'x', setBy: 'x', setDateTime: '2026-01-15T08:00:00.000Z' }) as const,
  resume: async () => true,
};

const paused = (reason: string) =>
  ask(pauseHandler(pauses), { path: '/v1.0/pauses', body: JSON.stringify({ scope: 'everything', reason }), params: {} });
const resumed = (reason: string) =>
  ask(resumeHandler(pauses), {
    method: 'DELETE',
    path: `/v1.0/pauses/everything?reason=${encodeURIComponent(reason)}`,
    params: { id: 'everything' },
  });

test.each([
  ['a pause', paused, 201],
  ['the end of a pause', resumed, 200],
])('the reason of %s has at most 500 characters and no line break, and the answer says which it was', async (_name, order, done) => {
  expect((await order('x'.repeat(500))).status).toBe(done);
  const tooLong = await order('x'.repeat(501));
  expect(tooLong).toMatchObject({ status: 400, error: { message: expect.stringContaining('500 characters') } });
  expect(tooLong.error.message).not.toContain('line break');
  expect(await order('a\nb')).toMatchObject({ status: 400, error: { message: expect.stringContaining('line break') } });
  expect((await order(`${'x'.repeat(500)}\n`)).error.message).toContain('500 characters');
});
