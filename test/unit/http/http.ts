// The HTTP handlers without a host: requests as the Functions library makes them, and an enqueue use case that only takes note.
import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { expect } from 'vitest';
import type { HttpHandler } from '../../../shared/adapters/http/handler.ts';
import { type MailDependencies, mailHandler } from '../../../shared/adapters/http/mail-handler.ts';
import { Permits } from '../../../shared/adapters/http/permits.ts';
import { RefusedBodies } from '../../../shared/adapters/http/refused-bodies.ts';
import { OPERATION_TABLE, type Operation } from '../../../shared/domain/operations.ts';
import type { EnqueueCommand, EnqueueOutcome } from '../../../shared/usecases/accept/enqueue-command.ts';
import { inProcessMailWork } from '../../fakes/in-process-mail-work.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { undescribed } from '../../support/described-answers.ts';

export const NOW = Date.parse('2026-08-20T10:00:00Z');
export const REQUEST_ID = '00000000-0000-4000-8000-000000000001';
export const clock = { now: () => NOW };
export const newId = () => REQUEST_ID;

export interface Posted {
  method?: string;
  path?: string;
  mailbox?: string;
  params?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

const bytesOf = (body: string | Uint8Array): Uint8Array => (typeof body === 'string' ? new TextEncoder().encode(body) : body);

export function requestOf({ method = 'POST', path, mailbox = 'ada@contoso.com', params, headers, body }: Posted): HttpRequest {
  const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(bytesOf(body).length) };
  return new HttpRequest({
    method,
    url: `http://localhost:7071${path ?? `/v1.0/users/${encodeURIComponent(mailbox)}/sendMail`}`,
    headers: { ...length, ...headers },
    params: params ?? { mailbox },
    ...(body !== undefined && { body: { bytes: bytesOf(body) } }),
  });
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  error: { code: string; message: string; innerError: Record<string, string> };
  logged: string[];
}

/** Every answer is one that OpenAPI describes. */
export async function ask(handler: HttpHandler, posted: Posted): Promise<Answered> {
  const logged: string[] = [];
  const context = new InvocationContext({ functionName: 'test', logHandler: (_level, ...words) => logged.push(words.join(' ')) });
  const request = requestOf(posted);
  const answer: HttpResponseInit = await handler(request, context);
  const { pathname } = new URL(request.url);
  expect(
    undescribed(request.method, pathname, answer.status ?? 200, Object.keys(answer.headers ?? {})),
    `${request.method} ${pathname}`,
  ).toEqual([]);
  const body = JSON.parse(String(answer.body)) as Answered['body'];
  return {
    status: answer.status ?? 200,
    headers: answer.headers as Record<string, string>,
    body,
    error: body['error'] as Answered['error'],
    logged,
  };
}

const LIMITS = {
  maximumMessageSizeBytes: 5_000_000,
  recipientLimit: 3,
  graphRights: 'readWrite',
  nonProduction: { redirectTo: undefined, allowedDomains: [] },
} as const;

/** An operation that takes mail, with the commands that it made. */
export function mailHttp(
  operation: Operation,
  outcome?: (command: EnqueueCommand) => EnqueueOutcome,
  more: Partial<MailDependencies> = {},
) {
  const commands: EnqueueCommand[] = [];
  const dependencies: MailDependencies = {
    clock,
    newId,
    limits: LIMITS,
    authorization: openAuthorization(),
    permits: new Permits(),
    decode: inProcessMailWork.decode,
    checkTarget: async (_mailbox, _application, id) => ({ kind: 'taken', id }),
    madeDraft: async () => undefined,
    awaitDraft: async () => ({ status: 'queued' }),
    refusedBodies: new RefusedBodies(),
    rememberRefused: async () => undefined,
    enqueue: async (command) => {
      commands.push(command);
      if (outcome) return outcome(command);
      return { kind: 'accepted', id: 'x1', status: 'queued', mailbox: command.mailbox, operation: command.operation };
    },
    ...more,
  };
  const handler = mailHandler(operation, dependencies);
  const path = `/v1.0/users/ada@contoso.com/${OPERATION_TABLE[operation].path.replace('{message}', 'AAMk')}`;
  return { commands, dependencies, post: (posted: Posted) => ask(handler, { path, ...posted }) };
}

export const sendMailHttp = (outcome?: (command: EnqueueCommand) => EnqueueOutcome) => mailHttp('sendMail', outcome);

export const MAIL = { message: { subject: 'Invoice', toRecipients: [{ emailAddress: { address: 'customer@example.com' } }] } };
export const MIME = 'From: ada@contoso.com\r\nTo: customer@example.com\r\nSubject: Invoice\r\n\r\nHello';
export const base64 = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');
export const json = (body: unknown, headers: Record<string, string> = {}): Posted => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
export const mime = (body: string, headers: Record<string, string> = {}): Posted => ({
  headers: { 'content-type': 'text/plain', ...headers },
  body,
});
