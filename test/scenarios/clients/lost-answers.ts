// What a client of Microsoft's goes through in each operation: a gateway loses our answers, the client repeats by itself, one mail goes out.
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import type { RunningStack } from '../../support/running-stack.ts';
import { type SharedStack, sharedStack } from '../../support/shared-stack.ts';
import { until } from '../../support/until.ts';
import { at, mailsIn, original, post, transported } from '../operations/operations.ts';

export const MESSAGE = { subject: 'From the client', body: { contentType: 'text', content: 'x' }, toRecipients: at('other@example.com') };

/** As the path names them; `send` is for a draft that is there. */
export const OPERATIONS = [
  'sendMail',
  'messages',
  'reply',
  'replyAll',
  'forward',
  'createReply',
  'createReplyAll',
  'createForward',
  'send',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The item that an operation is about: an original that is answered, or a draft that is sent. */
export interface Call {
  mailbox: string;
  item: string;
}

/** One call of a client's method, as an application writes it. */
export type Client = Record<Operation, (call: Call) => Promise<unknown>>;

const MAKES_A_DRAFT: readonly Operation[] = ['messages', 'createReply', 'createReplyAll', 'createForward'];
/** How many answers in a row are lost; each client of Microsoft's repeats three times, unless it is told otherwise. */
const LOST = 2;

/** A draft in the mailbox that the queue knows; returns its id. */
async function draft(stack: RunningStack, mailbox: string): Promise<string> {
  const { status, body } = await post(stack, mailbox, 'messages', MESSAGE, { prefer: 'wait=60' });
  if (status !== 201) throw new Error(`the draft was answered with ${status}: ${JSON.stringify(body)}`);
  return body.id;
}

export interface LossyStack {
  stack: SharedStack;
  proxy: FaultProxy;
  close(): Promise<void>;
}

export async function startLossyStack(): Promise<LossyStack> {
  const stack = sharedStack();
  const proxy = await startFaultProxy(stack.url('functions'));
  return { stack, proxy, close: () => proxy.close() };
}

export interface Outcome {
  /** Mails that left, and drafts that lie in the mailbox, after everything came to rest. */
  mails: number;
  drafts: number;
  /** `Retry-Attempt` of each POST as it came; undefined: no such header. */
  attempts: (string | undefined)[];
  clientRequestIds: (string | undefined)[];
}

const ONE_MAIL = { mails: 1, drafts: 0 };
const ONE_DRAFT = { mails: 0, drafts: 1 };
export const expectedOf = (operation: Operation): { mails: number; drafts: number } =>
  MAKES_A_DRAFT.includes(operation) ? ONE_DRAFT : ONE_MAIL;

/** Loses our answers to one call of the client, and says what came of it. `status` is what the gateway says in our place. */
export async function loseAnswers(
  { stack, proxy }: LossyStack,
  client: Client,
  name: string,
  operation: Operation,
  { lost = LOST, status = 504 } = {},
): Promise<Outcome> {
  const mailbox = `${name}-${operation}@contoso.com`.toLowerCase();
  const item = operation === 'send' ? await draft(stack, mailbox) : (await original(stack, mailbox, 'Question')).immutableId;
  const isOurs = ({ path }: { path: string }) => decodeURIComponent(path).includes(`/users/${mailbox}/`);
  proxy.inject(Array(lost).fill({ kind: 'loseAnswer', status }), isOurs);
  await client[operation]({ mailbox, item });
  const posts = proxy.passed.filter(isOurs);
  const headersOf = (name: string) => posts.map(({ headers }) => headers[name] as string | undefined);
  const draftsBefore = operation === 'send' ? 1 : 0;
  await atRest(stack, mailbox, draftsBefore);
  return {
    mails: (await transported(stack, mailbox)).length,
    drafts: (await mailsIn(stack, mailbox)).filter(({ isDraft }) => isDraft).length,
    attempts: headersOf('retry-attempt'),
    clientRequestIds: headersOf('client-request-id'),
  };
}

/** Every send request of the mailbox has come to `sent` or `created`, and there is one beside those that made `before` drafts. */
async function atRest(stack: SharedStack, mailbox: string, before: number): Promise<void> {
  interface Page {
    value: { status: string }[];
  }
  const list = async () => {
    const page = (await (await fetch(`${stack.url('functions')}/v1.0/users/${mailbox}/sendRequests`)).json()) as Page;
    if (page.value.some(({ status }) => status === 'accepted')) await stack.reconcileSometimes();
    return page;
  };
  const settled = ({ value }: Page) => value.length > before && value.every(({ status }) => ['sent', 'created'].includes(status));
  await until('all send requests are sent or created', list, settled);
}
