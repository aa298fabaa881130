// OpenAPI of the operations that Graph does not have: what applications and operators do with send requests, and the service itself.
import { LIST_OPTIONS } from '../../domain/log/list-options.ts';
import { type Described, json, jsonBody, option, problem, ref, summary } from './openapi-schemas.ts';
import { RESUME_OPTIONS } from './pauses-handlers.ts';
import { PREFLIGHT_OPTIONS } from './preflight-handler.ts';
import { withHeaders } from './response-headers.ts';
import type { QueueOperation } from './routes.ts';

const forbidden = { 403: problem('The application may not do this') };
const unavailable = { 503: problem('Out of reach for now, and may be repeated') };
const refusals = { 400: problem('Something in the request is not understood; the message says what'), ...forbidden, ...unavailable };
const NOT_STARTED = { description: 'The application settings are wrong; the body names them', ...withHeaders('cache-control') };
const noMailbox = { 404: problem('No such mailbox') };
const noSendRequest = { 404: problem('No such mailbox, or no such send request in it') };

const listOptions = Object.entries(LIST_OPTIONS).map(([name, { description, schema }]) => option(name, description, schema));
const optionsOf = (options: Record<string, string>) => Object.entries(options).map(([name, description]) => option(name, description));

const list = (summary: string): Described => ({
  summary,
  parameters: listOptions,
  responses: {
    200: {
      description: 'Newest first; a page may be short, @odata.nextLink says that there is more',
      content: json(ref('sendRequestList')),
    },
    ...refusals,
    ...noMailbox,
  },
});

const act = (summary: string, responses: Described['responses']): Described => ({
  summary,
  responses: {
    ...responses,
    ...forbidden,
    ...noSendRequest,
    409: problem('Its status does not allow it, or no longer; the message names it. A cancelled request that may have gone is unaccounted'),
    ...unavailable,
  },
});

const actByFilter = (summary: string): Described => ({
  summary,
  requestBody: jsonBody('actByFilter', {
    dryRun: { summary: 'Which ones would it be?', value: { filter: "mailbox eq 'sender@contoso.com'", dryRun: true } },
  }),
  responses: {
    200: { description: 'What was found, and what was done to each; more: repeat it', content: json(ref('actedByFilter')) },
    ...refusals,
  },
});

const summaryBody = json({ type: 'object', required: Object.keys(summary), properties: summary });

export const QUEUE_OPERATIONS: Record<QueueOperation, Described> = {
  getSendRequest: {
    summary: 'What became of it',
    responses: {
      200: { description: 'The send request', content: json(ref('sendRequest')) },
      ...forbidden,
      ...noSendRequest,
      ...unavailable,
    },
  },
  listSendRequests: list("The application's send requests of a mailbox"),
  listAllSendRequests: list('Send requests of all mailboxes, for operators'),
  cancelSendRequest: act('Cancel before it is submitted', { 200: { description: 'It is cancelled', content: summaryBody } }),
  resendSendRequest: act('Send again after a final failure', {
    202: {
      description: 'A new send request; repeated: the same one',
      ...withHeaders('location'),
      content: summaryBody,
    },
    429: problem("The application's own limit is used up"),
  }),
  cancelByFilter: actByFilter('Cancel all that a filter means, for operators'),
  resendByFilter: actByFilter('Send all again that a filter means, for operators'),
  preflight: {
    summary: 'Would a mail go out? Sends nothing',
    parameters: optionsOf(PREFLIGHT_OPTIONS),
    responses: { 200: { description: 'Whether it would, and why not', content: json(ref('preflight')) }, ...refusals, ...noMailbox },
  },
  listPauses: {
    summary: 'What is paused, for operators',
    responses: {
      200: {
        description: 'All pauses: those of operators, and those of accounts, which reports have made',
        content: json({ type: 'object', required: ['value'], properties: { value: { type: 'array', items: ref('pause') } } }),
      },
      ...forbidden,
      ...unavailable,
    },
  },
  pause: {
    summary: 'Pause an application, a mailbox or everything, for operators: mail waits',
    requestBody: jsonBody('pauseOrder', {
      mailbox: { summary: 'One mailbox', value: { scope: 'mailbox', name: 'sender@contoso.com', reason: 'Wrong template' } },
      everything: { summary: 'All mail', value: { scope: 'everything', reason: 'Wrong template' } },
    }),
    responses: { 201: { description: 'It is paused within seconds', content: json(ref('pause')) }, ...refusals },
  },
  resume: {
    summary: 'End a pause, for operators',
    parameters: optionsOf(RESUME_OPTIONS),
    responses: {
      200: { description: 'It goes on', content: json({ type: 'object', properties: { resumed: { type: 'boolean' } } }) },
      404: problem('Nothing is paused under this id'),
      ...refusals,
    },
  },
  getLive: { summary: 'The process', responses: { 200: { description: 'It lives', ...withHeaders('cache-control') }, 503: NOT_STARTED } },
  getReady: {
    summary: 'What it depends on',
    responses: {
      200: { description: 'All is reachable', ...withHeaders('cache-control') },
      503: {
        description: `Something is not; the body names it to an operator. ${NOT_STARTED.description}`,
        ...withHeaders('cache-control'),
      },
    },
  },
  getOpenApi: { summary: 'This description', responses: { 200: { description: 'OpenAPI 3.1' } } },
};
