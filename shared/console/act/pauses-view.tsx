// Limits and pauses: what holds mail back, and what operators do about it.
import { useState } from 'preact/hooks';
import { LimitsPart } from '../overview/limits-part.tsx';
import { useSurroundings } from '../parts/context.ts';
import { useLoad } from '../parts/load.ts';
import { Answered } from '../parts/trouble.tsx';
import { mayHave } from '../sign-in/session.ts';
import { MayAct } from './act-dialog.tsx';
import { LiftDialog, PauseDialog } from './pause-dialogs.tsx';
import { PauseList } from './pause-list.tsx';
import { type PauseView, pausesOf } from './pauses.ts';

const REFRESH_MS = 15_000;

export function PausesView() {
  const { session } = useSurroundings();
  const { answer, reload } = useLoad('/v1.0/pauses', pausesOf, REFRESH_MS);
  const [dialog, setDialog] = useState<PauseView | 'new' | undefined>(undefined);
  const may = mayHave(session, 'SendRequests.Manage.All');
  const close = (done: boolean) => {
    setDialog(undefined);
    if (done) reload();
  };
  return (
    <>
      <section>
        <h2>Pauses</h2>
        <Answered answer={answer} retry={reload}>
          {(pauses) => <PauseList pauses={pauses} {...(may && { lift: setDialog })} />}
        </Answered>
        <MayAct may={may}>
          <button type="button" onClick={() => setDialog('new')}>
            Pause…
          </button>
        </MayAct>
      </section>
      <LimitsPart />
      {dialog === 'new' && <PauseDialog close={close} />}
      {dialog !== undefined && dialog !== 'new' && <LiftDialog pause={dialog} close={close} />}
    </>
  );
}
