// The fault matrix over all operations: each call of each route, answers that lie or are lost, before and after it had its effect.

import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import type { RunningStack, SendRequest } from '../../support/running-stack.ts';
import { SELDOM, until } from '../../support/until.ts';
import { at, base64, type Json, type Mail, mailsIn, original, post, transported } from './operations.ts';

const ANSWERS = {
  '429': { status: 429, retryAfter: 0.4 },
  '500': { status: 500 },
  '504': { status: 504 },
  reset: 'reset',
  'cut-off answer': 'cutOff',
} as const;
type Answer = keyof typeof ANSWERS;

const MIME = 'To: other@example.com\r\nSubject: By hand\r\n\r\nWritten by hand.\r\n';
const message = { subject: 'A draft', body: { contentType: 'text', content: 'x' }, toRecipients: at('other@example.com') };

/** One follows in an upload session, one goes with the draft, one is posted by itself. */
const FILES = [3_200_000, 2_000_000, 1_400_000].map((size, i) => ({
  '@odata.type': '#microsoft.graph.fileAttachment',
  name: `file-${i}.bin`,
  contentBytes: base64(randomBytes(size)),
}));
const large = { ...message, attachments: FILES };

interface Kind {
  name: string;
  /** The calls to Graph that it makes, by the emulator's names. */
  calls: readonly string[];
  answers: readonly Answer[];
  makesDraft?: boolean;
  files?: number;
  post: (stack: RunningStack, mailbox: string, target: string) => Promise<{ location: string; status: number }>;
  /** What the operation is about: an original to answer, or a draft to send. */
  target: 'original' | 'draft' | 'none';
}

const ALL: readonly Answer[] = ['429', '500', '504', 'reset', 'cut-off answer'];
/** Large mails take long: a lost answer is the worst. */
const SOME: readonly Answer[] = ['reset'];
const posting =
  (path: string, body?: Json | string) =>
  (stack: RunningStack, mailbox: string, target: string): Promise<{ location: string; status: number }> =>
    post(stack, mailbox, path.replace('{target}', target), body);

const KINDS: readonly Kind[] = [
  {
    name: 'reply',
    calls: ['createReply', 'send'],
    answers: ALL,
    target: 'original',
    post: posting('messages/{target}/reply', { comment: 'Thanks' }),
  },
  {
    name: 'replyAll in MIME',
    calls: ['createReplyAll', 'send'],
    answers: ALL,
    target: 'original',
    post: posting('messages/{target}/replyAll', MIME),
  },
  {
    name: 'forward',
    calls: ['createForward', 'send'],
    answers: ALL,
    target: 'original',
    post: posting('messages/{target}/forward', { toRecipients: at('other@example.com') }),
  },
  { name: 'forward in MIME', calls: ['forward'], answers: ALL, target: 'original', post: posting('messages/{target}/forward', MIME) },
  { name: 'send', calls: ['get', 'send'], answers: ALL, target: 'draft', post: posting('messages/{target}/send') },
  { name: 'create draft', calls: ['createDraft'], answers: ALL, target: 'none', makesDraft: true, post: posting('messages', message) },
  {
    name: 'createReply',
    calls: ['createReply'],
    answers: ALL,
    target: 'original',
    makesDraft: true,
    post: posting('messages/{target}/createReply'),
  },
  {
    name: 'createReplyAll in MIME',
    calls: ['createReplyAll'],
    answers: ALL,
    target: 'original',
    makesDraft: true,
    post: posting('messages/{target}/createReplyAll', MIME),
  },
  {
    name: 'createForward',
    calls: ['createForward'],
    answers: ALL,
    target: 'original',
    makesDraft: true,
    post: posting('messages/{target}/createForward', { comment: 'Look' }),
  },
  {
    name: 'large mail',
    calls: ['createDraft', 'attachment', 'uploadSession', 'put', 'send'],
    answers: SOME,
    target: 'none',
    files: 3,
    post: posting('sendMail', { message: large }),
  },
  {
    name: 'large draft',
    calls: ['put'],
    answers: SOME,
    target: 'none',
    files: 3,
    makesDraft: true,
    post: posting('messages', large),
  },
];

export interface MatrixCase {
  name: string;
  mailbox: string;
  kind: Kind;
  call: string;
  answer: Answer;
  when: 'before' | 'after';
}

/** Large mails take long, so they begin first. */
export function allCases(): MatrixCase[] {
  const cases: MatrixCase[] = [];
  for (const kind of [...KINDS].sort((a, b) => (b.files ?? 0) - (a.files ?? 0)))
    for (const call of kind.calls)
      for (const answer of kind.answers)
        for (const when of ['before', 'after'] as const) {
          const name = `${kind.name}: ${answer} ${when} ${call}`;
          cases.push({ name, mailbox: `matrix-${cases.length}@contoso.com`, kind, call, answer, when });
        }
  return cases;
}

export interface Played {
  status: string;
  mails: number;
  drafts: number;
  files: number[];
  fired: number;
  /** For whoever reads of a failure. */
  timeline: string;
}

async function targetOf(stack: RunningStack, { kind, mailbox }: MatrixCase): Promise<string> {
  if (kind.target === 'original') return (await original(stack, mailbox, 'Question')).immutableId;
  if (kind.target === 'none') return '';
  const made = await post(stack, mailbox, 'messages', message, { prefer: 'wait=30' });
  return made.body.id;
}

/** A mail that Exchange has is not sent again: whether its copy was seen by now doesn't matter here. */
const SETTLED = ['created', 'accepted', 'sent', 'rejected', 'unaccounted', 'deadLettered', 'failed'];

/** What never settles is told by its own test. */
const settled = (stack: RunningStack, location: string): Promise<SendRequest> =>
  until(
    'settled',
    () => stack.get(location),
    ({ status }) => SETTLED.includes(status),
    SELDOM,
  ).catch(() => stack.get(location));

async function play(stack: RunningStack, one: MatrixCase): Promise<SendRequest> {
  const { kind, mailbox, call, answer, when, name } = one;
  const target = await targetOf(stack, one);
  await stack.fault({ id: name, mailbox, operation: call, when, answer: ANSWERS[answer] });
  const { location, status } = await kind.post(stack, mailbox, target);
  if (status !== 202) throw new Error(`${name}: the HTTP API answered ${status}`);
  return settled(stack, location);
}

async function outcomeOf(stack: RunningStack, { kind, mailbox, name }: MatrixCase, request: SendRequest, fired: number): Promise<Played> {
  const mails = await mailsIn(stack, mailbox);
  const own = (mail: Mail): boolean => mail.folder === (kind.makesDraft ? 'drafts' : 'sentitems');
  return {
    status: request.status === 'sent' ? 'accepted' : request.status,
    mails: (await transported(stack, mailbox)).length,
    drafts: mails.filter(({ folder }) => folder === 'drafts').length,
    files: mails.filter(own).map(({ attachments }) => attachments.length),
    fired,
    timeline: `${name}: ${request.events.map(({ type, detail }) => `${type}${detail ? ` (${detail})` : ''}`).join(', ')}`,
  };
}

/** How many cases are on their way at a time. */
const AT_A_TIME = 16;

export async function playAll(stack: RunningStack, cases: readonly MatrixCase[]): Promise<Map<string, Played>> {
  const requests = await pLimit(AT_A_TIME).map(cases, async (one) => [one, await play(stack, one)] as const);
  // Only now: a second mail would have had the time of all the others to show up.
  await stack.graph('POST', 'stages/settled');
  const fired = await stack.fired();
  const played = new Map<string, Played>();
  for (const [one, request] of requests) played.set(one.name, await outcomeOf(stack, one, request, fired[one.name] ?? 0));
  return played;
}

export const expectedOf = ({ kind }: MatrixCase): Pick<Played, 'status' | 'mails' | 'drafts' | 'files'> => ({
  status: kind.makesDraft ? 'created' : 'accepted',
  mails: kind.makesDraft ? 0 : 1,
  drafts: kind.makesDraft ? 1 : 0,
  files: [kind.files ?? 0],
});
