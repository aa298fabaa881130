// The fields of the search. Sending the form changes the URL, and the URL is the search.
import { STATES } from '../../domain/log/lifecycle.ts';
import { fragmentOf } from '../place.ts';
import { type Search, type SearchField, searchOf } from '../search/fields.ts';
import { wordsOfState } from '../words/states.ts';
import { localInput, utcOf } from '../words/times.ts';

const TEXTS: readonly { field: SearchField; label: string; hint?: string }[] = [
  { field: 'recipient', label: 'Recipient' },
  { field: 'mailbox', label: 'Mailbox' },
  { field: 'subject', label: 'Words of the subject' },
  { field: 'application', label: 'Application id' },
  { field: 'messageId', label: 'Message-ID' },
  { field: 'id', label: 'Id' },
];

/** The form as a search. Times are given in the zone of the reader. */
function searchOfForm(form: HTMLFormElement): Search {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    query.set(name, name === 'from' || name === 'until' ? (utcOf(value) ?? value) : value);
  }
  return searchOf(query);
}

export function SearchForm({ search }: { search: Search }) {
  const find = (event: SubmitEvent) => {
    event.preventDefault();
    location.hash = fragmentOf({ view: 'find', search: searchOfForm(event.currentTarget as HTMLFormElement) });
  };
  return (
    <details open={matchMedia('(min-width: 48rem)').matches}>
      <summary>Fields of the search</summary>
      <form class="search" onSubmit={find} aria-label="Search">
        {TEXTS.map(({ field, label }) => (
          <label key={field}>
            {label}
            <input name={field} defaultValue={search[field] ?? ''} autocomplete="off" spellcheck={false} />
          </label>
        ))}
        <label>
          Status
          <select name="status" defaultValue={search.status ?? ''}>
            <option value="" selected={search.status === undefined}>
              Any
            </option>
            {STATES.map((state) => (
              <option key={state} value={state} selected={search.status === state}>
                {wordsOfState(state).name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Accepted from
          <input type="datetime-local" step="1" name="from" defaultValue={localInput(search.from)} />
        </label>
        <label>
          until
          <input type="datetime-local" step="1" name="until" defaultValue={localInput(search.until)} />
        </label>
        <label class="check">
          <input type="checkbox" name="failures" value="yes" defaultChecked={search.failures !== undefined} /> Some recipient has failed
        </label>
        <p class="buttons">
          <button type="submit">Find</button>
          <a href="#/find">Clear</a>
        </p>
      </form>
    </details>
  );
}
