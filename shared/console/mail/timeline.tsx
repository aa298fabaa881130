// What has happened to a mail, in order, and what comes next.
import type { SendRequestView } from '../api/send-request.ts';
import { Sign, Time } from '../parts/text.tsx';
import { timelineOf } from '../words/timeline.ts';

export function Timeline({ request }: { request: SendRequestView }) {
  const lines = timelineOf(request);
  return (
    <section>
      <h3>Timeline</h3>
      {lines.length === 0 && <p class="quiet">Nothing is in the log yet.</p>}
      <ol class="timeline">
        {lines.map(({ name, tone, at, attempt, recipient, detail, isNext }, index) => (
          <li key={index} class={isNext ? 'next' : ''}>
            <Time at={at} relative={isNext ?? false} />
            <div>
              <Sign tone={tone}>
                {isNext && <span class="unseen">To come: </span>}
                {name}
              </Sign>
              {attempt !== undefined && <span class="quiet"> attempt {attempt}</span>}
              {recipient !== undefined && (
                <span>
                  {' '}
                  <bdi>{recipient}</bdi>
                </span>
              )}
              {detail !== undefined && (
                <p class="answer">
                  <bdi>{detail}</bdi>
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
