// What lost answers cost: the queue, compared with a client that calls Graph itself and repeats a POST without an answer.
import type { RunningStack } from '../../test/support/running-stack.ts';
import type { CaseSet } from './case-set.ts';
import { type Counted, counted, type Mail } from './figures.ts';
import { inParallel, planned, startWarmStack } from './traffic.ts';

/** Mails whose first POST is taken by Graph, and its answer lost. */
const LOST = 20;

const loseAnswer = (stack: RunningStack, { mailbox }: Mail) =>
  stack.fault({ id: mailbox, mailbox, operation: 'sendMail', when: 'after', times: 1, answer: 'reset' });

/** What an application without a queue does: the POST again, until it is answered. */
async function byClientThatRepeats(stack: RunningStack, mails: readonly Mail[], token: string): Promise<Counted> {
  await inParallel(mails, async (mail) => {
    await loseAnswer(stack, mail);
    const message = { subject: mail.subject, toRecipients: [{ emailAddress: { address: 'customer@example.com' } }] };
    for (let attempt = 1; attempt <= 5; attempt++) {
      const answer = await fetch(`${stack.url('graph')}/v1.0/users/${mail.mailbox}/sendMail`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      }).catch(() => undefined);
      if (answer?.ok) return;
    }
  });
  await stack.graph('POST', 'stages/settled');
  return counted(stack, mails);
}

async function byQueue(stack: RunningStack, mails: readonly Mail[]): Promise<Counted> {
  await inParallel(mails, async (mail) => {
    await loseAnswer(stack, mail);
    await stack.untilStatus((await stack.send(mail)).location, 'accepted', 'sent');
  });
  await stack.graph('POST', 'stages/settled');
  return counted(stack, mails);
}

async function tokenOf(stack: RunningStack): Promise<string> {
  const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = stack.stack.settings;
  const resource = encodeURIComponent(stack.stack.settings['GRAPH_BASE_URL'] ?? '');
  const answer = await fetch(`${IDENTITY_ENDPOINT}?resource=${resource}&api-version=2019-08-01`, {
    headers: { 'x-identity-header': IDENTITY_HEADER },
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

export const lostAnswers: CaseSet = {
  name: 'lostAnswers',
  async run(progress) {
    const stack = await startWarmStack({ GRAPH_TIMEOUT: 'PT3S', IN_DOUBT_GRACE: 'PT4S' });
    try {
      progress('lost answers');
      const queue = await byQueue(stack, planned('queued', LOST, LOST));
      const clientThatRepeats = await byClientThatRepeats(stack, planned('repeated', LOST, LOST), await tokenOf(stack));
      progress('');
      console.log(`${LOST} mails that Graph takes and whose first answer is lost:`);
      console.table({ 'graph-mail-queue': queue, 'a client that repeats the POST': clientThatRepeats });
      return { queue, clientThatRepeats };
    } finally {
      await stack.close();
    }
  },
};
