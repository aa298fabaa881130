// Writes what was reported of a request's recipients into the log, in one change, with what it proves of the request itself.

import { after } from '../../domain/duration.ts';
import { applyEvent, type LifecycleEvent, type TimelineEvent } from '../../domain/log/apply-event.ts';
import { applyReports } from '../../domain/log/apply-reports.ts';
import type { Evidence, Recipient, SendRequestRecord } from '../../domain/log/send-request.ts';
import type { RecipientReport } from '../../domain/reconcile/recipients.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { changeOf, emitEvent, type Stored } from '../log/write-log.ts';

const MAXIMUM_CONFLICTS = 5;

/** What somebody says of a mail. `fact` names it: the same one has the same name whenever it is read. */
export interface Statement {
  fact: string;
  evidence: Evidence;
  /** Whether it proves that this very request was submitted. */
  proves: boolean;
  about: (recipients: readonly Recipient[]) => readonly RecipientReport[];
}

interface Step {
  record: SendRequestRecord;
  recipients: readonly Recipient[];
  events: readonly TimelineEvent[];
}

/** States that nobody would report on, had the mail not been submitted. */
const REFUTED: readonly SendRequestRecord['status'][] = ['queued', 'deferred', 'submitting', 'inDoubt', 'unaccounted'];

function prove(context: Context, step: Step, { fact, evidence, proves }: Statement): Step {
  if (!proves) return step;
  const record = { ...step.record, proof: step.record.proof ?? evidence };
  if (!REFUTED.includes(record.status)) return { ...step, record };
  const dateTime = nowOf(context);
  const event: LifecycleEvent = {
    type: 'reportReceived',
    dateTime,
    fact,
    detail: evidence,
    patch: {
      acceptedDateTime: record.acceptedDateTime ?? dateTime,
      reportWindowEnds: record.reportWindowEnds ?? after(dateTime, context.rules.reportWindowMs),
    },
    clears: ['nextAttemptDateTime', 'doubt', 'mayHaveGone'],
  };
  const applied = applyEvent(record, event);
  return applied.kind === 'applied' ? { ...step, record: applied.record, events: [applied.event] } : step;
}

function fold(start: Step, { about, fact }: Statement): Step {
  const { record, recipients, events } = applyReports(start.record, start.recipients, about(start.recipients), fact);
  return { record, recipients, events: [...start.events, ...events] };
}

/** The first proof of a request that still waits for its copy is worth a write by itself. */
const addsNothing = (before: SendRequestRecord, { record, events }: Step): boolean =>
  events.length === 0 && (before.proof === record.proof || record.status !== 'accepted');

/**
 * False if it adds nothing to what is known. Read and folded again if another writer was faster. Throws StoreUnavailable, also if others keep
 * changing the record: the next visit reads the report again.
 */
export async function recordReport(context: Context, found: Stored, statement: Statement): Promise<boolean> {
  const { mailbox, id } = found.value;
  let stored: Stored | undefined = found;
  for (let conflicts = 0; stored && conflicts < MAXIMUM_CONFLICTS; conflicts++) {
    const recipients = await context.log.recipients(mailbox, id);
    const end = fold(prove(context, { record: stored.value, recipients, events: [] }, statement), statement);
    if (addsNothing(stored.value, end)) return false;
    const change = { ...changeOf(end.record, end.events, end.recipients), before: stored.value };
    const result = await context.log.write(change, stored.etag);
    if (result.kind === 'written') {
      for (const event of end.events) emitEvent(context, end.record, event);
      return true;
    }
    stored = await context.log.read(mailbox, id);
  }
  if (stored) throw new StoreUnavailable(`${id} changed ${MAXIMUM_CONFLICTS} times while one report was being written`);
  return false;
}
