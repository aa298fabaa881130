// Send a mail again: to those that have failed, to all, or to a corrected address. The dry run says first what would happen.
import { useEffect, useState } from 'preact/hooks';
import { isResendable, type State } from '../../domain/log/lifecycle.ts';
import { type ApiAnswer, read } from '../api/client.ts';
import { asObject, asText } from '../api/reading.ts';
import type { SendRequestView } from '../api/send-request.ts';
import { requestPath } from '../mail/request-path.ts';
import { useSurroundings } from '../parts/context.ts';
import { Answered } from '../parts/trouble.tsx';
import { ActDialog } from './act-dialog.tsx';
import { type ResendChoice, resendOrder, stillFailed } from './orders.ts';
import { plannedOf } from './planned.ts';

type Kind = 'failed' | 'all' | 'corrected';

const KINDS: readonly { kind: Kind; words: string }[] = [
  { kind: 'failed', words: 'To those whom it did not reach' },
  { kind: 'all', words: 'To everybody' },
  { kind: 'corrected', words: 'To a corrected address' },
];

interface Props {
  request: SendRequestView;
  close: (done: boolean) => void;
}

function DryRun({ request, choice, told }: { request: SendRequestView; choice: ResendChoice; told: (ok: boolean) => void }) {
  const { client } = useSurroundings();
  const [answer, setAnswer] = useState<ApiAnswer<readonly string[]> | undefined>(undefined);
  const body = JSON.stringify({ ...resendOrder(choice), dryRun: true });
  useEffect(() => {
    let isCurrent = true;
    setAnswer(undefined);
    told(false);
    void client.call(`${requestPath(request.mailbox, request.id)}/resend`, { method: 'POST', body: JSON.parse(body) }).then((given) => {
      if (!isCurrent) return;
      setAnswer(read(given, plannedOf));
      told(given.ok);
    });
    return () => {
      isCurrent = false;
    };
  }, [client, request.id, body]);
  return (
    <section aria-live="polite">
      <h3>What would happen</h3>
      <Answered answer={answer} retry={undefined}>
        {(lines) => (
          <ul>
            {lines.map((line) => (
              <li key={line}>
                <bdi>{line}</bdi>
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </section>
  );
}

export function ResendDialog({ request, close }: Props) {
  const { client } = useSurroundings();
  const failed = stillFailed(request);
  // A mail that some have got never goes to all of them again.
  const mayGoToAll = isResendable(request.status as State) && request.resentAs === undefined;
  const [kind, setKind] = useState<Kind>(failed.length > 0 ? 'failed' : 'all');
  const [replaces, setReplaces] = useState(failed[0]?.address ?? '');
  const [typed, setTyped] = useState('');
  /** What the dry run is asked for: not each letter that is typed. */
  const [address, setAddress] = useState('');
  const [ready, setReady] = useState(false);
  const choice: ResendChoice | undefined = kind !== 'corrected' ? kind : address === '' ? undefined : { address, replaces };
  const act = async (reason: string): Promise<ApiAnswer<string>> => {
    if (choice === undefined) return { ok: false, trouble: { kind: 'wrongInput', message: 'Give the corrected address first.' } };
    const path = `${requestPath(request.mailbox, request.id)}/resend`;
    const answer = await client.call(path, { method: 'POST', body: { ...resendOrder(choice), reason } });
    return read(answer, (value) => `It is sent again as ${asText(asObject(value)['id']) ?? 'a new send request'}.`);
  };
  return (
    <ActDialog title="Send this mail again" verb="Send again" ready={ready && choice !== undefined} act={act} close={close}>
      <fieldset>
        <legend>To whom</legend>
        {KINDS.filter(({ kind: one }) => (one === 'all' ? mayGoToAll : failed.length > 0)).map((one) => (
          <label key={one.kind} class="check">
            <input type="radio" name="kind" checked={kind === one.kind} onChange={() => setKind(one.kind)} /> {one.words}
          </label>
        ))}
      </fieldset>
      {kind === 'corrected' && (
        <fieldset>
          <legend>Correction</legend>
          <label>
            In place of
            <select value={replaces} onChange={({ currentTarget }) => setReplaces(currentTarget.value)}>
              {failed.map((one) => (
                <option key={one.address} value={one.address}>
                  {one.address}
                </option>
              ))}
            </select>
          </label>
          <label>
            Corrected address
            <input
              type="text"
              inputMode="email"
              autocomplete="off"
              spellcheck={false}
              value={typed}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
              onChange={() => setAddress(typed.trim())}
            />
          </label>
        </fieldset>
      )}
      {choice !== undefined && <DryRun request={request} choice={choice} told={setReady} />}
    </ActDialog>
  );
}
