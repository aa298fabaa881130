// Find mail. The URL is the search: a link to it shows the same to another person who may see it.

import { BulkActions } from '../act/bulk-actions.tsx';
import { pageOf } from '../api/send-request.ts';
import { useLoad } from '../parts/load.ts';
import { Answered, TroubleBox } from '../parts/trouble.tsx';
import { fragmentOf } from '../place.ts';
import { filterOf, type Search, searchProblem } from '../search/fields.ts';
import { Results } from './results.tsx';
import { SearchForm } from './search-form.tsx';

const PAGE = 50;

export function listPath(search: Search): string {
  const query = new URLSearchParams({ $top: String(PAGE) });
  const filter = filterOf(search);
  if (filter !== '') query.set('$filter', filter);
  if (search.after) query.set('$skiptoken', search.after);
  return `/v1.0/sendRequests?${query}`;
}

function Found({ search }: { search: Search }) {
  const { answer, reload } = useLoad(listPath(search), pageOf);
  return (
    <Answered answer={answer} retry={reload}>
      {({ requests, next }) => (
        <>
          <Results requests={requests} />
          <nav class="pages" aria-label="Pages">
            <span>
              {requests.length === 0 ? 'No send request matches.' : `${requests.length} on this page, newest first.`}
              {next !== undefined && ' There are more.'}
            </span>
            {search.after !== undefined && <a href={fragmentOf({ view: 'find', search: { ...search, after: '' } })}>Newest</a>}
            {next !== undefined && (
              <a rel="next" href={fragmentOf({ view: 'find', search: { ...search, after: next } })}>
                Next {PAGE}
              </a>
            )}
            <button type="button" class="small" onClick={reload}>
              Load again
            </button>
          </nav>
          <BulkActions search={search} done={reload} />
        </>
      )}
    </Answered>
  );
}

export function FindView({ search }: { search: Search }) {
  const problem = searchProblem(search);
  return (
    <>
      <SearchForm key={JSON.stringify(search)} search={search} />
      {problem === undefined ? <Found search={search} /> : <TroubleBox trouble={{ kind: 'wrongInput', message: problem }} />}
    </>
  );
}
