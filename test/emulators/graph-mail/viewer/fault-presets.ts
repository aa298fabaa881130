// The viewer's fault buttons as data: what each does in words, and the faults that the control API takes for it.

export interface FaultPreset {
  readonly id: string;
  readonly title: string;
  /** What will happen, and what a client should make of it. */
  readonly does: string;
  /** Without mailbox and number of times, which the page asks for. */
  readonly faults: readonly { operation: string; when?: 'before' | 'after'; answer?: unknown; effects?: Record<string, unknown> }[];
}

/** A mail is submitted by sendMail, or by the send of a draft: whichever comes meets the fault. */
const submission = (fault: Omit<FaultPreset['faults'][number], 'operation'>): FaultPreset['faults'] =>
  ['sendMail', 'send'].map((operation) => ({ operation, ...fault }));

export const faultPresets: readonly FaultPreset[] = [
  {
    id: 'throttled',
    title: 'Throttle with 429',
    does: 'Graph answers 429 with Retry-After: 5. The mail is not taken. A client waits and tries again.',
    faults: submission({ when: 'before', answer: { status: 429, retryAfter: 5 } }),
  },
  {
    id: 'unavailable',
    title: 'Refuse with 503',
    does: 'Graph answers 503 before it has taken the mail. Nothing is sent, but the client cannot know that.',
    faults: submission({ when: 'before', answer: { status: 503 } }),
  },
  {
    id: 'refused',
    title: 'Refuse for good with 400',
    does: 'Graph answers 400 ErrorInvalidRecipients. The mail is not taken, and never will be.',
    faults: submission({
      when: 'before',
      answer: { status: 400, code: 'ErrorInvalidRecipients', message: 'At least one recipient is not valid.' },
    }),
  },
  {
    id: 'denied',
    title: 'Deny access with 403',
    does: 'Graph answers 403 ErrorAccessDenied, as if the permission for the mailbox were missing. The mail is not taken.',
    faults: submission({ when: 'before', answer: { status: 403 } }),
  },
  {
    id: 'lost-before',
    title: 'Reset the connection before',
    does: 'The connection is reset before the mail is taken. Nothing is sent. The client sees the same as in the next one.',
    faults: submission({ when: 'before', answer: 'reset' }),
  },
  {
    id: 'lost-after',
    title: 'Send, then reset the connection',
    does: 'The mail goes out, but the connection is reset before the answer. A client that sends again sends it twice.',
    faults: submission({ when: 'after', answer: 'reset' }),
  },
  {
    id: 'failed-after',
    title: 'Send, then answer 504',
    does: 'The mail goes out, but the answer says 504. A client that sends again sends it twice.',
    faults: submission({ when: 'after', answer: { status: 504 } }),
  },
  {
    id: 'silent-after',
    title: 'Send, and never answer',
    does: 'The mail goes out. No answer comes until the client gives up.',
    faults: submission({ when: 'after', answer: 'timeout' }),
  },
  {
    id: 'never-picked-up',
    title: 'Accept, but never send',
    does: 'Graph answers 202. The mail stays in Drafts and never goes out.',
    faults: submission({ effects: { neverPickedUp: true } }),
  },
  {
    id: 'late-copy',
    title: 'File the copy a minute late',
    does: 'The mail goes out at once. Its copy comes to Sent Items after a minute.',
    faults: submission({ effects: { lateSentItems: 60_000 } }),
  },
  {
    id: 'no-copy',
    title: 'Remove the copy',
    does: 'The mail goes out. Its copy never comes to Sent Items, as if somebody had deleted it.',
    faults: submission({ effects: { copyRemoved: true } }),
  },
  {
    id: 'moved-copy',
    title: 'Move the copy by a rule',
    does: 'The mail goes out. A rule moves its copy from Sent Items to the folder “Projects”.',
    faults: submission({ effects: { copyMovedTo: 'Projects' } }),
  },
  {
    id: 'unreadable',
    title: 'Refuse to list mails with 503',
    does: 'Lists of a mailbox are answered 503: nobody finds out what became of a mail.',
    faults: [
      { operation: 'list', when: 'before', answer: { status: 503 } },
      { operation: 'delta', when: 'before', answer: { status: 503 } },
    ],
  },
];

/** What a hold of each stage keeps back, in words. */
export const stageWords: Readonly<Record<string, { title: string; does: string }>> = {
  pickUp: { title: 'Leaving Drafts', does: 'Mail is accepted with 202 and stays in Drafts.' },
  file: { title: 'The copy in Sent Items', does: 'Mail goes out, but its copy does not come to Sent Items.' },
  route: { title: 'Routing', does: 'Mail has left its mailbox, and nothing becomes of its recipients.' },
  deliver: { title: 'Delivery', does: 'Recipients get nothing.' },
  report: { title: 'Reports', does: 'Delivery reports and receipts do not come back.' },
};
