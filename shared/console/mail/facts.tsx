// What is known of a send request beside its recipients and its timeline, with links to where else it can be seen.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SendRequestView } from '../api/send-request.ts';
import { useSurroundings } from '../parts/context.ts';
import { Copyable, Foreign, Time } from '../parts/text.tsx';
import { fragmentOf } from '../place.ts';
import { traceLink } from './trace-link.ts';

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

const Other = ({ mailbox, id }: { mailbox: string; id: string }) => <a href={fragmentOf({ view: 'mail', mailbox, id })}>{id}</a>;

/** Where else the mail can be seen. */
function Elsewhere({ request }: { request: SendRequestView }) {
  const { config } = useSurroundings();
  const { mailboxViewer } = config;
  const [trace, setTrace] = useState<string | undefined>(undefined);
  useEffect(() => void traceLink(config, request.id).then(setTrace), [config, request.id]);
  if (mailboxViewer === undefined && trace === undefined) return null;
  return (
    <Fact name="See also">
      {mailboxViewer !== undefined && (
        <a href={`${mailboxViewer}/mailbox?mark=${encodeURIComponent(request.id)}`}>The copy in the mailbox</a>
      )}
      {trace !== undefined && (
        <a href={trace} target="_blank" rel="noreferrer">
          The trace in Application Insights
        </a>
      )}
    </Fact>
  );
}

export function Facts({ request }: { request: SendRequestView }) {
  const { id, mailbox, application, operation, internetMessageId, clientRequestId, resendOf, resentAs, redirectedTo } = request;
  return (
    <dl class="facts">
      <Fact name="Id">
        <Copyable text={id} what="id" />
      </Fact>
      <Fact name="Mailbox">
        <Foreign text={mailbox} />
      </Fact>
      <Fact name="Application">
        <Foreign text={application} />
      </Fact>
      <Fact name="Operation">
        <Foreign text={operation} />
      </Fact>
      {internetMessageId !== undefined && (
        <Fact name="Message-ID">
          <Copyable text={internetMessageId} what="Message-ID" />
        </Fact>
      )}
      {clientRequestId !== undefined && (
        <Fact name="client-request-id">
          <Copyable text={clientRequestId} what="client-request-id" />
        </Fact>
      )}
      <Fact name="Accepted from the application">
        <Time at={request.createdDateTime} relative />
      </Fact>
      {request.acceptedDateTime !== undefined && (
        <Fact name="Accepted by Graph">
          <Time at={request.acceptedDateTime} relative />
        </Fact>
      )}
      <Fact name="Attempts">{request.attempts}</Fact>
      {redirectedTo !== undefined && (
        <Fact name="Went to, in place of its recipients">
          <Foreign text={redirectedTo} />
        </Fact>
      )}
      {resendOf !== undefined && (
        <Fact name="Sends again">
          <Other mailbox={mailbox} id={resendOf} />
        </Fact>
      )}
      {resentAs !== undefined && (
        <Fact name="Was sent again as">
          <Other mailbox={mailbox} id={resentAs} />
        </Fact>
      )}
      <Elsewhere request={request} />
    </dl>
  );
}
