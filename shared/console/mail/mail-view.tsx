// One mail: what it is, what became of each recipient, what has happened, and what can be done.

import type { State } from '../../domain/log/lifecycle.ts';
import { isTerminal, STATES } from '../../domain/log/lifecycle.ts';
import { MailActions } from '../act/mail-actions.tsx';
import { type SendRequestView, sendRequestOf } from '../api/send-request.ts';
import { useLoad } from '../parts/load.ts';
import { Foreign, Sign } from '../parts/text.tsx';
import { Answered } from '../parts/trouble.tsx';
import { wordsOfState } from '../words/states.ts';
import { Facts } from './facts.tsx';
import { Recipients } from './recipients.tsx';
import { requestPath } from './request-path.ts';
import { Timeline } from './timeline.tsx';

/** While something is still to happen. */
const REFRESH_MS = 5_000;

/** A state that the page does not know may still change. */
const isOver = (status: string): boolean => (STATES as readonly string[]).includes(status) && isTerminal(status as State);

function Mail({ request, changed }: { request: SendRequestView; changed: () => void }) {
  const { name, meaning, tone } = wordsOfState(request.status);
  const { counts } = request;
  return (
    <article class="mail">
      <h2>
        <Foreign text={request.subject} absent="(no subject in the log)" />
      </h2>
      <p class="state">
        <Sign tone={tone}>{name}</Sign> <span>{meaning}</span>
      </p>
      {counts['failed'] !== undefined && counts['failed'] > 0 && (
        <p>
          <Sign tone="bad">
            {counts['failed']} of {counts['total'] ?? request.recipients.length} recipients: not delivered
          </Sign>
        </p>
      )}
      {request.error !== undefined && (
        <p class="answer">
          Last error: <bdi class="mono">{request.error.code}</bdi> <bdi>{request.error.message}</bdi>
        </p>
      )}
      <MailActions request={request} changed={changed} />
      <Recipients request={request} />
      <Facts request={request} />
      <Timeline request={request} />
    </article>
  );
}

export function MailView({ mailbox, id }: { mailbox: string; id: string }) {
  const { answer, reload } = useLoad(requestPath(mailbox, id), sendRequestOf, REFRESH_MS, (request) => isOver(request.status));
  return (
    <Answered answer={answer} retry={reload}>
      {(request) => <Mail request={request} changed={reload} />}
    </Answered>
  );
}
