// The send requests of a page. With the arrow keys one goes from one to the next, with Enter one opens it.
import type { SendRequestView } from '../api/send-request.ts';
import { Copyable, Foreign, Sign, StatusSign, Time } from '../parts/text.tsx';
import { fragmentOf } from '../place.ts';
import { countsInWords } from '../words/counts.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function move(event: KeyboardEvent): void {
  const links = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('a.open')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const step = STEPS[event.key];
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? links.length - 1 : at + (step ?? 0);
  const isKey = step !== undefined || event.key === 'Home' || event.key === 'End';
  if (!isKey || at < 0 || !links[next]) return;
  event.preventDefault();
  links[next].focus();
}

function Row({ request }: { request: SendRequestView }) {
  const { id, mailbox, status, subject, application, createdDateTime, counts } = request;
  return (
    <tr>
      <td data-name="Accepted">
        <Time at={createdDateTime} />
      </td>
      <td data-name="Status">
        <StatusSign status={status} />
      </td>
      <td data-name="Subject" class="subject">
        <a class="open" href={fragmentOf({ view: 'mail', mailbox, id })}>
          <Foreign text={subject} absent="(no subject in the log)" />
        </a>
      </td>
      <td data-name="Mailbox">
        <Foreign text={mailbox} />
      </td>
      <td data-name="Recipients">{counts['failed'] ? <Sign tone="bad">{countsInWords(counts)}</Sign> : countsInWords(counts)}</td>
      <td data-name="Application">
        <bdi class="mono">{application ?? '–'}</bdi>
      </td>
      <td data-name="Id">
        <Copyable text={id} what="id" />
      </td>
    </tr>
  );
}

export function Results({ requests }: { requests: readonly SendRequestView[] }) {
  if (requests.length === 0) return null;
  return (
    <table class="results" onKeyDown={move}>
      <caption class="unseen">Send requests, newest first. Arrow keys go from one to the next.</caption>
      <thead>
        <tr>
          {['Accepted', 'Status', 'Subject', 'Mailbox', 'Recipients', 'Application', 'Id'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {requests.map((request) => (
          <Row key={request.id} request={request} />
        ))}
      </tbody>
    </table>
  );
}
