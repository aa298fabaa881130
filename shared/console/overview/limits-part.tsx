// The limits of Exchange Online, and what is left of them.
import { useLoad } from '../parts/load.ts';
import { Answered } from '../parts/trouble.tsx';

export function LimitsPart() {
  const { answer, reload } = useLoad('/v1.0/limits', (value) => value);
  return (
    <section>
      <h2>Limits</h2>
      <Answered answer={answer} retry={reload}>
        {(value) => <pre>{JSON.stringify(value, undefined, 2)}</pre>}
      </Answered>
    </section>
  );
}
