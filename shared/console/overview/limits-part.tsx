// The limits of Exchange Online, and what is left of them.
import { useLoad } from '../parts/load.ts';
import { Sign, Time } from '../parts/text.tsx';
import { Answered } from '../parts/trouble.tsx';
import { type LimitLine, limitInWords, limitsData, mostUsedFirst } from './limits.ts';

const REFRESH_MS = 30_000;

function Limit({ line }: { line: LimitLine }) {
  const { name, limit, used, left, returns } = line;
  return (
    <div class="limit">
      <meter
        min={0}
        max={limit}
        high={0.8 * limit}
        optimum={0}
        value={Math.min(used, limit)}
        aria-label={`${name}: ${limitInWords(line)}`}
      />
      <span>{limitInWords(line)}</span>
      {left === 0 && (
        <Sign tone="bad">
          Nothing is left{returns !== undefined && ' until '}
          {returns !== undefined && <Time at={returns} relative />}
        </Sign>
      )}
    </div>
  );
}

export function LimitsPart() {
  const { answer, reload } = useLoad('/v1.0/limits', limitsData, REFRESH_MS);
  return (
    <section>
      <h2>Limits of Exchange Online</h2>
      <Answered answer={answer} retry={reload}>
        {({ counted, tenant, mailboxes }) => (
          <>
            {!counted && <p>Limits are not counted here (EXCHANGE_LIMITS=off).</p>}
            {tenant && (
              <>
                <h3>The whole tenant: {tenant.name}</h3>
                <Limit line={tenant} />
              </>
            )}
            {counted && mailboxes.length === 0 && <p>No mailbox has sent lately.</p>}
            {mailboxes.length > 0 && (
              <table>
                <caption class="unseen">What is left in each mailbox. Those with the least come first.</caption>
                <thead>
                  <tr>
                    <th scope="col">Mailbox</th>
                    <th scope="col">Mails a minute</th>
                    <th scope="col">Recipients a day</th>
                  </tr>
                </thead>
                <tbody>
                  {mostUsedFirst(mailboxes).map(({ mailbox, limits }) => (
                    <tr key={mailbox}>
                      <td data-name="Mailbox">
                        <bdi>{mailbox}</bdi>
                      </td>
                      {limits.map((line) => (
                        <td key={line.name} data-name={line.name}>
                          <Limit line={line} />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </>
        )}
      </Answered>
    </section>
  );
}
