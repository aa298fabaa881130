// The place of the page, as it stands in the fragment of the URL. The fragment never reaches a server, so that no address gets into its logs.
import { queryOf, type Search, searchOf } from './search/fields.ts';

export type PagePlace =
  | { view: 'overview' }
  | { view: 'find'; search: Search }
  | { view: 'mail'; mailbox: string; id: string }
  | { view: 'pauses' }
  | { view: 'unknown' };

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** `#/find?recipient=a@example.com` */
export function placeOfFragment(fragment: string): PagePlace {
  const [path = '', query = ''] = fragment.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [view = '', ...rest] = path.split('/');
  if (view === '') return { view: 'overview' };
  if (view === 'find') return { view: 'find', search: searchOf(new URLSearchParams(query)) };
  if (view === 'pauses') return { view: 'pauses' };
  const [mailbox, id] = rest.map(decoded);
  if (view === 'sendRequests' && mailbox && id && rest.length === 2) return { view: 'mail', mailbox, id: id.toLowerCase() };
  return { view: 'unknown' };
}

export function fragmentOf(place: PagePlace): string {
  switch (place.view) {
    case 'find': {
      const query = queryOf(place.search);
      return query === '' ? '#/find' : `#/find?${query}`;
    }
    case 'mail':
      return `#/sendRequests/${encodeURIComponent(place.mailbox)}/${encodeURIComponent(place.id)}`;
    case 'pauses':
      return '#/pauses';
    default:
      return '#/';
  }
}
