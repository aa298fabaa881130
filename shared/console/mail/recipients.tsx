// What became of each recipient, and how that is known.
import type { RecipientView, SendRequestView } from '../api/send-request.ts';
import { Foreign, Sign, Time } from '../parts/text.tsx';
import { fragmentOf } from '../place.ts';
import { evidenceInWords, outcomeOf } from '../words/recipients.ts';

function Row({ recipient, mailbox }: { recipient: RecipientView; mailbox: string }) {
  const { name, tone } = outcomeOf(recipient);
  const { address, type, status, diagnosticCode, remoteMta, reportedDateTime, replaces, resentAs } = recipient;
  return (
    <tr>
      <td data-name="Recipient">
        <Foreign text={address} /> <span class="quiet">{type}</span>
        {replaces !== undefined && (
          <p class="quiet">
            in place of <bdi>{replaces}</bdi>
          </p>
        )}
      </td>
      <td data-name="Outcome">
        <Sign tone={tone}>{name}</Sign>
        {status !== undefined && <bdi class="mono"> {status}</bdi>}
        {resentAs !== undefined && (
          <p>
            <a href={fragmentOf({ view: 'mail', mailbox, id: resentAs })}>Sent again</a>
          </p>
        )}
      </td>
      <td data-name="Reported">
        <Time at={reportedDateTime} />
      </td>
      <td data-name="How it is known">
        {evidenceInWords(recipient)}
        {diagnosticCode !== undefined && (
          <p class="answer">
            <bdi>{diagnosticCode}</bdi>
            {remoteMta !== undefined && (
              <span class="quiet">
                {' '}
                from <bdi>{remoteMta}</bdi>
              </span>
            )}
          </p>
        )}
      </td>
    </tr>
  );
}

export function Recipients({ request: { recipients, mailbox } }: { request: SendRequestView }) {
  return (
    <section>
      <h3>Recipients</h3>
      {recipients.length === 0 ? (
        <p class="quiet">The log names no recipients.</p>
      ) : (
        <table>
          <caption class="unseen">What became of each recipient</caption>
          <thead>
            <tr>
              {['Recipient', 'Outcome', 'Reported', 'How it is known'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {recipients.map((recipient) => (
              <Row key={`${recipient.type} ${recipient.address}`} recipient={recipient} mailbox={mailbox} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
