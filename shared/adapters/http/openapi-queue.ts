// OpenAPI of the operations that Graph does not have: what applications and operators do with send requests, and the service itself.
import { ACTIVITY_OPTIONS } from '../../domain/log/activity.ts';
import { LIST_OPTIONS } from '../../domain/log/list-options.ts';
import { LIMITS_OPTIONS } from './limits-handler.ts';
import { type Described, json, jsonBody, option, problem, ref, summary } from './openapi-schemas.ts';
import { PREFLIGHT_OPTIONS } from './preflight-handler.ts';
import { REASON_OPTION } from './reason-option.ts';
import { withHeaders } from './response-headers.ts';
import type { QueueOperation } from './routes.ts';
import { SUPPRESSION_LIST_OPTIONS } from './suppressions-handlers.ts';

const forbidden = { 403: problem('The application may not do this') };
const unavailable = { 503: problem('A store is out of reach; the request may be repeated') };
const refusals = { 400: problem('Something in the request is wrong; the message says what'), ...forbidden, ...unavailable };
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
      description:
        'Newest first, or by changes. A page may have fewer items than $top, even none: @odata.nextLink says that there is more to examine. The last page of a list by changes has @odata.deltaLink instead',
      content: json(ref('sendRequestList')),
    },
    ...refusals,
    ...noMailbox,
    410: problem(
      'The @odata.deltaLink or @odata.nextLink is older than the send requests that are kept; the message says how to start again',
    ),
  },
});

const act = (summary: string, requestBody: object, responses: Described['responses']): Described => ({
  summary,
  requestBody,
  responses: {
    ...responses,
    400: problem('The body is wrong; the message says what'),
    ...forbidden,
    ...noSendRequest,
    409: problem('Its status does not allow it, or no longer; the message names it. A cancelled request that may have gone is unaccounted'),
    413: problem('The body is too large, or the mail cannot be divided'),
    ...unavailable,
  },
});

const actByFilter = (summary: string): Described => ({
  summary,
  requestBody: jsonBody('actByFilter', {
    dryRun: { summary: 'Only list what would be done', value: { filter: "mailbox eq 'sender@contoso.com'", dryRun: true } },
    reason: { summary: 'With a reason', value: { filter: "mailbox eq 'sender@contoso.com'", reason: 'Wrong template' } },
  }),
  responses: {
    200: {
      description:
        'The send requests that match, and whether the action was done on each. If `more` is true, repeat the request with `next` as `after`',
      content: json(ref('actedByFilter')),
    },
    ...refusals,
  },
});

const RESEND_BODY = jsonBody(
  'resendOrder',
  {
    failed: { summary: 'To those whom the mail did not reach', value: { recipients: 'failed' } },
    corrected: {
      summary: 'To a corrected address',
      value: { recipients: [{ address: 'ada@example.com', replaces: 'aad@example.com' }], reason: 'The customer has told us' },
    },
  },
  false,
);

const summaryBody = json({ type: 'object', required: Object.keys(summary), properties: summary });

export const QUEUE_OPERATIONS: Record<QueueOperation, Described> = {
  getSendRequest: {
    summary: 'Status, recipients and timeline of a send request',
    responses: {
      200: { description: 'The send request', content: json(ref('sendRequest')) },
      ...forbidden,
      ...noSendRequest,
      ...unavailable,
    },
  },
  listSendRequests: list("The application's send requests of a mailbox"),
  listAllSendRequests: list('Send requests of all mailboxes, for operators'),
  cancelSendRequest: act(
    'Cancel before it is submitted',
    jsonBody('cancelOrder', { reason: { summary: 'With a reason', value: { reason: 'Wrong template' } } }, false),
    { 200: { description: 'The send request is cancelled', content: summaryBody } },
  ),
  resendSendRequest: act('Send again after a failure, to everybody or to those whom the mail did not reach', RESEND_BODY, {
    200: { description: 'Of a dry run: what would happen', content: json(ref('possibleResend')) },
    202: {
      description: 'A new send request. A repeat of this request gets the same one',
      ...withHeaders('location'),
      content: summaryBody,
    },
    429: problem("The application's own limit is used up"),
  }),
  getActivity: {
    summary: 'How much happened per hour, for operators',
    description:
      'Counted in memory by each process and saved once a minute: approximate. The last minute may be missing, and what a process had not saved when it was killed.',
    parameters: optionsOf(ACTIVITY_OPTIONS),
    responses: { 200: { description: 'Every hour of the range', content: json(ref('activity')) }, ...refusals },
  },
  getOverview: {
    summary: 'What waits and why, and what needs a person, for operators',
    description:
      'Bounded: one operation for each of at most 200 mailboxes in which mail waits, and for each kind of attention one index of at most 20 mailboxes and its records. isMore says that there is more than was counted.',
    responses: { 200: { description: 'The overview', content: json(ref('overview')) }, ...forbidden, ...unavailable },
  },
  cancelByFilter: actByFilter('Cancel all send requests that match a filter, for operators'),
  resendByFilter: actByFilter('Send all send requests that match a filter again, for operators'),
  preflight: {
    summary: 'Check whether a mail would go out, without sending one',
    parameters: optionsOf(PREFLIGHT_OPTIONS),
    responses: {
      200: { description: 'Whether a mail would go out, and what prevents it', content: json(ref('preflight')) },
      ...refusals,
      ...noMailbox,
    },
  },
  listLimits: {
    summary: "What is left of Exchange's limits, for operators",
    parameters: Object.entries(LIMITS_OPTIONS).map(([name, { description, schema }]) => option(name, description, schema)),
    responses: {
      200: {
        description: 'The mailboxes that have used something of their limits lately, by name. A page may have fewer than $top, even none',
        content: json(ref('limits')),
      },
      ...refusals,
    },
  },
  listPauses: {
    summary: 'What is paused, for operators',
    responses: {
      200: {
        description: 'All pauses: those that operators set, and those that reports set on accounts',
        content: json({ type: 'object', required: ['value'], properties: { value: { type: 'array', items: ref('pause') } } }),
      },
      ...forbidden,
      ...unavailable,
    },
  },
  pause: {
    summary: 'Pause an application, a mailbox or everything, for operators. Mail that is paused waits',
    requestBody: jsonBody('pauseOrder', {
      mailbox: { summary: 'One mailbox', value: { scope: 'mailbox', name: 'sender@contoso.com', reason: 'Wrong template' } },
      everything: { summary: 'All mail', value: { scope: 'everything', reason: 'Wrong template' } },
    }),
    responses: { 201: { description: 'The pause takes effect within seconds', content: json(ref('pause')) }, ...refusals },
  },
  resume: {
    summary: 'End a pause, for operators',
    parameters: optionsOf(REASON_OPTION),
    responses: {
      200: { description: 'Mail goes out again', content: json({ type: 'object', properties: { resumed: { type: 'boolean' } } }) },
      404: problem('Nothing is paused under this id'),
      ...refusals,
    },
  },
  listSuppressions: {
    summary: 'Addresses that Exchange has reported as non-existent, for operators. Mail to them is refused or held',
    parameters: Object.entries(SUPPRESSION_LIST_OPTIONS).map(([name, { description, schema }]) => option(name, description, schema)),
    responses: { 200: { description: 'What is suppressed now', content: json(ref('suppressionList')) }, ...refusals },
  },
  liftSuppression: {
    summary: 'Take an address off the list, for operators. Reports from before do not bring it back',
    parameters: optionsOf(REASON_OPTION),
    responses: {
      200: { description: 'Mail goes to it again', content: json({ type: 'object', properties: { lifted: { type: 'boolean' } } }) },
      404: problem('The address is not suppressed'),
      ...refusals,
    },
  },
  getLive: {
    summary: 'Whether the process runs',
    responses: { 200: { description: 'It runs', ...withHeaders('cache-control') }, 503: NOT_STARTED },
  },
  getReady: {
    summary: 'Whether all that the service depends on can be reached',
    responses: {
      200: { description: 'All of it can be reached', ...withHeaders('cache-control') },
      503: {
        description: `Something cannot be reached; if an operator asks, the body names it. Or: ${NOT_STARTED.description}`,
        ...withHeaders('cache-control'),
      },
    },
  },
  getOpenApi: { summary: 'This description', responses: { 200: { description: 'OpenAPI 3.1' } } },
};
