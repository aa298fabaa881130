// How many send requests a search finds, as a card that leads to them.

import { pageOf } from '../api/send-request.ts';
import { TROUBLE_WORDS } from '../api/trouble.ts';
import { useLoad } from '../parts/load.ts';
import { Sign } from '../parts/text.tsx';
import { fragmentOf } from '../place.ts';
import { filterOf, type Search } from '../search/fields.ts';
import type { Tone } from '../words/states.ts';

const REFRESH_MS = 30_000;
/** More are only said to be more. */
const COUNTED = 50;

export interface CountRow {
  name: string;
  /** Why it waits, or what to do. */
  words: string;
  search: Search;
  /** If there is one or more. */
  tone: Tone;
}

export function CountCard({ row: { name, words, search, tone } }: { row: CountRow }) {
  const path = `/v1.0/sendRequests?${new URLSearchParams({ $top: String(COUNTED), $filter: filterOf(search) })}`;
  const { answer } = useLoad(path, pageOf, REFRESH_MS);
  const count = !answer ? '…' : !answer.ok ? '–' : answer.value.next === undefined ? `${answer.value.requests.length}` : `${COUNTED}+`;
  return (
    <li class="card">
      <a href={fragmentOf({ view: 'find', search })}>
        <Sign tone={count === '0' ? 'good' : answer?.ok ? tone : 'quiet'}>{name}</Sign>
        <strong class="count">{count}</strong>
      </a>
      <p class="quiet">{words}</p>
      {answer && !answer.ok && <p>{TROUBLE_WORDS[answer.trouble.kind].title}.</p>}
    </li>
  );
}

export function CountCards({ rows }: { rows: readonly CountRow[] }) {
  return (
    <ul class="cards">
      {rows.map((row) => (
        <CountCard key={row.name} row={row} />
      ))}
    </ul>
  );
}
