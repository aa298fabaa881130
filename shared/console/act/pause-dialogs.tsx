// Pause a mailbox, an application or everything; and lift a pause.
import { useState } from 'preact/hooks';
import { read } from '../api/client.ts';
import { useSurroundings } from '../parts/context.ts';
import { ActDialog } from './act-dialog.tsx';
import { type PauseView, pausedInWords } from './pauses.ts';

type Close = (done: boolean) => void;
type Scope = 'mailbox' | 'application' | 'everything';

const SCOPES: readonly { scope: Scope; words: string; name?: string }[] = [
  { scope: 'mailbox', words: 'A mailbox', name: 'Address of the mailbox' },
  { scope: 'application', words: 'An application', name: 'Client id of the application' },
  { scope: 'everything', words: 'Everything' },
];

export function PauseDialog({ close }: { close: Close }) {
  const { client } = useSurroundings();
  const [scope, setScope] = useState<Scope>('mailbox');
  const [name, setName] = useState('');
  const named = SCOPES.find((one) => one.scope === scope)?.name;
  const act = async (reason: string) => {
    const body = { scope, reason, ...(named !== undefined && { name: name.trim() }) };
    return read(await client.call('/v1.0/pauses', { method: 'POST', body }), () => 'It is paused. Mail that is accepted meanwhile waits.');
  };
  return (
    <ActDialog title="Pause" verb="Pause" ready={named === undefined || name.trim() !== ''} act={act} close={close}>
      <p>Mail is still accepted, and waits. What a worker has begun to send is not stopped.</p>
      <fieldset>
        <legend>What</legend>
        {SCOPES.map((one) => (
          <label key={one.scope} class="check">
            <input type="radio" name="scope" checked={scope === one.scope} onChange={() => setScope(one.scope)} /> {one.words}
          </label>
        ))}
      </fieldset>
      {named !== undefined && (
        <label>
          {named}
          <input value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} autocomplete="off" spellcheck={false} />
        </label>
      )}
    </ActDialog>
  );
}

export function LiftDialog({ pause, close }: { pause: PauseView; close: Close }) {
  const { client } = useSurroundings();
  const act = async (reason: string) => {
    const path = `/v1.0/pauses/${encodeURIComponent(pause.id)}?reason=${encodeURIComponent(reason)}`;
    return read(await client.call(path, { method: 'DELETE' }), () => 'It is lifted. Held mail goes out within a quarter of an hour.');
  };
  return (
    <ActDialog title="Lift a pause" verb="Lift the pause" ready act={act} close={close}>
      <p>
        <bdi>{pausedInWords(pause)}</bdi>: <bdi>{pause.reason ?? 'no reason given'}</bdi>
      </p>
    </ActDialog>
  );
}
