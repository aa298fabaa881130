// Acts on all that a search finds: the dry run comes first, and then the reason.
import { useEffect, useState } from 'preact/hooks';
import { type ApiAnswer, read } from '../api/client.ts';
import { useSurroundings } from '../parts/context.ts';
import { StatusSign } from '../parts/text.tsx';
import { Answered } from '../parts/trouble.tsx';
import { fragmentOf } from '../place.ts';
import { filterOf, type Search, withoutPage } from '../search/fields.ts';
import { mayHave } from '../sign-in/session.ts';
import { ActDialog, MayAct } from './act-dialog.tsx';
import { type BulkPreview, bulkOf, doneInWords, previewInWords, type Verb } from './orders.ts';

const TITLES: Record<Verb, string> = { cancel: 'Cancel all that this search finds', resend: 'Send again all that this search finds' };
const WHOM = {
  failed: 'To those whom the mail did not reach',
  all: 'To everybody, if the mail finally failed',
} as const;
/** Of the dry run: enough to see whether the search is the right one. */
const SHOWN = 10;

function Preview({ verb, preview }: { verb: Verb; preview: BulkPreview }) {
  return (
    <>
      <p>{previewInWords(verb, preview)}</p>
      <ul class="preview">
        {preview.each.slice(0, SHOWN).map(({ id, mailbox, status }) => (
          <li key={id}>
            <StatusSign status={status} /> <bdi>{mailbox}</bdi>{' '}
            <a class="mono" href={fragmentOf({ view: 'mail', mailbox, id })} target="_blank" rel="noreferrer">
              {id}
            </a>
          </li>
        ))}
      </ul>
      {preview.each.length > SHOWN && <p class="quiet">and {preview.each.length - SHOWN} more</p>}
    </>
  );
}

interface BulkProps {
  verb: Verb;
  filter: string;
  close: (done: boolean) => void;
}

function BulkDialog({ verb, filter, close }: BulkProps) {
  const { client } = useSurroundings();
  const path = `/v1.0/sendRequests/${verb}`;
  const [recipients, setRecipients] = useState<'failed' | 'all'>('failed');
  const [after, setAfter] = useState<string | undefined>(undefined);
  const [answer, setAnswer] = useState<ApiAnswer<BulkPreview> | undefined>(undefined);
  const order = JSON.stringify({ filter, ...(verb === 'resend' && { recipients }), ...(after !== undefined && { after }) });
  useEffect(() => {
    let isCurrent = true;
    setAnswer(undefined);
    void client.call(path, { method: 'POST', body: { ...JSON.parse(order), dryRun: true } }).then((given) => {
      if (isCurrent) setAnswer(read(given, bulkOf));
    });
    return () => {
      isCurrent = false;
    };
  }, [client, path, order]);
  const act = async (reason: string) =>
    read(await client.call(path, { method: 'POST', body: { ...JSON.parse(order), reason } }), (value) => doneInWords(verb, bulkOf(value)));
  const preview = answer?.ok === true ? answer.value : undefined;
  return (
    <ActDialog
      title={TITLES[verb]}
      verb={verb === 'cancel' ? 'Cancel these' : 'Send these again'}
      ready={preview !== undefined && preview.possible > 0}
      act={act}
      close={close}
    >
      {verb === 'resend' && (
        <fieldset>
          <legend>To whom</legend>
          {(['failed', 'all'] as const).map((one) => (
            <label key={one} class="check">
              <input type="radio" name="recipients" checked={recipients === one} onChange={() => setRecipients(one)} /> {WHOM[one]}
            </label>
          ))}
        </fieldset>
      )}
      <section aria-live="polite">
        <Answered answer={answer} retry={undefined}>
          {(one) => <Preview verb={verb} preview={one} />}
        </Answered>
        {preview?.next !== undefined && (
          <button type="button" onClick={() => setAfter(preview.next)}>
            Leave these, and look at the next
          </button>
        )}
      </section>
    </ActDialog>
  );
}

export function BulkActions({ search, done }: { search: Search; done: () => void }) {
  const { session } = useSurroundings();
  const [verb, setVerb] = useState<Verb | undefined>(undefined);
  const filter = filterOf(withoutPage(search));
  // Without a filter it would be everything.
  if (filter === '') return null;
  const close = (isDone: boolean) => {
    setVerb(undefined);
    if (isDone) done();
  };
  return (
    <>
      <MayAct may={mayHave(session, 'SendRequests.Manage.All')}>
        <button type="button" onClick={() => setVerb('cancel')}>
          Cancel all found…
        </button>
        <button type="button" onClick={() => setVerb('resend')}>
          Send all found again…
        </button>
      </MayAct>
      {verb !== undefined && <BulkDialog verb={verb} filter={filter} close={close} />}
    </>
  );
}
