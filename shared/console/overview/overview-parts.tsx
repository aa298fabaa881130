// What needs a person, what waits and why, and which mailboxes cannot be read.
import { Foreign, Sign, StatusSign } from '../parts/text.tsx';
import { fragmentOf } from '../place.ts';
import { type AttentionCard, type OverviewData, reasonInWords, type WaitingRow } from './overview.ts';

function Card({ card: { name, advice, tone, count, isMore, search, examples } }: { card: AttentionCard }) {
  return (
    <li class="card">
      <p class="head">
        <Sign tone={tone}>{name}</Sign>
        <strong class="count">
          {count}
          {isMore && '+'}
        </strong>
      </p>
      <p class="quiet">{advice}</p>
      <ul class="preview">
        {examples.map(({ id, mailbox, subject }) => (
          <li key={id}>
            <a href={fragmentOf({ view: 'mail', mailbox, id })}>
              <Foreign text={subject} absent="(no subject in the log)" />
            </a>
          </li>
        ))}
      </ul>
      {search && <a href={fragmentOf({ view: 'find', search })}>All: {name}</a>}
    </li>
  );
}

export function AttentionCards({ attention, unreadable }: Pick<OverviewData, 'attention' | 'unreadable'>) {
  if (attention.length === 0 && unreadable.count === 0) {
    return (
      <p>
        <Sign tone="good">Nothing needs a person.</Sign>
      </p>
    );
  }
  return (
    <ul class="cards">
      {attention.map((card) => (
        <Card key={card.kind} card={card} />
      ))}
      {unreadable.count > 0 && (
        <li class="card">
          <p class="head">
            <Sign tone="bad">Mailboxes that cannot be read</Sign>
            <strong class="count">{unreadable.count}</strong>
          </p>
          <p class="quiet">Copies and reports are not seen there. Check the rights of the queue.</p>
          <ul class="preview">
            {unreadable.examples.map(({ mailbox, error }) => (
              <li key={mailbox}>
                <bdi>{mailbox}</bdi>: <bdi>{error}</bdi>
              </li>
            ))}
          </ul>
        </li>
      )}
    </ul>
  );
}

export function WaitingTable({ rows, isMore }: { rows: readonly WaitingRow[]; isMore: boolean }) {
  if (rows.length === 0) {
    return (
      <p>
        <Sign tone="good">Nothing waits.</Sign>
      </p>
    );
  }
  return (
    <>
      <table>
        <caption class="unseen">What waits, and for what</caption>
        <thead>
          <tr>
            {['Status', 'Waits for', 'How many'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ status, reason, count }) => (
            <tr key={`${status} ${reason}`}>
              <td data-name="Status">
                <a href={fragmentOf({ view: 'find', search: { status } })}>
                  <StatusSign status={status} />
                </a>
              </td>
              <td data-name="Waits for">
                <bdi>{reasonInWords(reason)}</bdi>
              </td>
              <td data-name="How many">{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isMore && <p class="quiet">There are more: not every mailbox was counted.</p>}
    </>
  );
}
