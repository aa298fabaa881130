// The control API over HTTP: JSON in, JSON out, below /control.
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import type { Switches } from '../options.ts';
import type { EmulatorState } from '../state.ts';
import { isStageName, type StageSelection } from '../transport/stages.ts';
import type { Json } from '../validation/check.ts';
import { readJson } from '../validation/parameters.ts';
import { readMailLink } from '../viewer/mail-link.ts';
import { type Control, createControl, type IncomingInput, type MailboxInput, type TokenInput } from './control.ts';
import { showDelivery, showMail, showMailbox } from './show.ts';

interface ControlCall {
  readonly control: Control;
  readonly state: EmulatorState;
  readonly request: GraphRequest;
  readonly body: () => Json;
  /** Path segments after the route's own. */
  readonly rest: readonly string[];
  readonly query: (name: string) => string | undefined;
}

type Handler = (call: ControlCall) => unknown;
const done: Answer = { status: 204 };
const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Answer).status === 'number' &&
  Object.keys(value).every((key) => ['status', 'headers', 'json', 'text', 'bytes'].includes(key));

function selection({ body, request }: ControlCall): StageSelection {
  const { stage, mailbox, submission } = request.body.length === 0 ? {} : body();
  if (stage !== undefined && !isStageName(String(stage))) throw errors.invalidArgument(`There is no stage '${String(stage)}'.`);
  return { stage, mailbox, submission } as StageSelection;
}

async function mails({ control, rest, query }: ControlCall): Promise<unknown> {
  const [name = '', , key, kind] = rest;
  const box = control.mailbox(name);
  if (key === undefined) return { value: control.mails(name, query('folder')).map((item) => showMail(box, item)) };
  const item = [...box.items.values()].find((one) => String(one.key) === key || one.id === key || one.immutableId === key);
  if (item === undefined) throw errors.itemNotFound();
  if (kind !== 'source') return { ...showMail(box, item), body: item.body };
  return { status: 200, bytes: await control.source(item), headers: { 'Content-Type': 'text/plain' } } satisfies Answer;
}

function deliveries({ control, rest, query }: ControlCall): unknown {
  const [id, kind] = rest;
  const filter = { recipient: query('recipient'), messageId: query('messageId'), mark: query('mark'), mailbox: query('mailbox') };
  if (id === undefined) {
    const value = control.deliveries(filter).map((record) => showDelivery(record, query('include') === 'mime'));
    return { count: value.length, value };
  }
  const record = control.deliveries().find((one) => one.id === id);
  if (record === undefined) throw errors.itemNotFound();
  return kind === 'mime' ? ({ status: 200, bytes: record.mime } satisfies Answer) : showDelivery(record, true);
}

async function moveClock({ control, body }: ControlCall): Promise<unknown> {
  const { advance, freeze, unfreeze } = body();
  if (freeze !== undefined) control.clock.freeze(typeof freeze === 'string' ? Date.parse(freeze) : undefined);
  if (typeof advance === 'number') await control.clock.advance(advance);
  if (unfreeze === true) control.clock.unfreeze();
  return { now: new Date(control.clock.now()).toISOString(), frozen: control.clock.isFrozen() };
}

function listFaults({ control }: ControlCall): unknown {
  return { value: control.faults.list() };
}

const handlers: Readonly<Record<string, Handler>> = {
  'GET mailboxes': (call) => (call.rest.length >= 2 ? mails(call) : { value: call.control.mailboxes().map(showMailbox) }),
  'POST mailboxes': ({ control, body }) => ({ status: 201, json: showMailbox(control.putMailbox(body() as unknown as MailboxInput)) }),
  'PATCH mailboxes': ({ control, body, rest }) =>
    showMailbox(control.putMailbox({ ...(body() as unknown as MailboxInput), address: control.mailbox(rest[0] ?? '').address })),
  'GET deliveries': deliveries,
  'GET faults': listFaults,
  'PUT faults': (call) => {
    const value = JSON.parse(call.request.body.toString()) as unknown;
    call.control.faults.set(Array.isArray(value) ? value : (((value as Json)['value'] ?? []) as unknown[]));
    return listFaults(call);
  },
  'POST faults': ({ control, body }) => ({ status: 201, json: { id: control.faults.add(body()) } }),
  'DELETE faults': ({ control, rest }) => {
    if (rest[0] === undefined) control.faults.reset();
    else control.faults.remove(rest[0]);
    return done;
  },
  'GET switches': ({ control }) => control.switches(),
  'PATCH switches': ({ control, body }) => {
    control.setSwitches(body() as Partial<Switches>);
    return control.switches();
  },
  'GET stages': ({ control }) => ({ holds: control.stages.holds(), pending: control.stages.pending() }),
  'POST stages': async (call) => {
    const { stages } = call.control;
    const action = call.rest[0];
    if (action === 'hold') stages.hold(selection(call));
    else if (action === 'release') await stages.release(selection(call));
    else if (action === 'advance') return { ran: await stages.advance(selection(call)) };
    else if (action === 'settled') await stages.settled();
    else throw errors.unknownSegment(action ?? '');
    return { holds: stages.holds(), pending: stages.pending() };
  },
  'GET clock': ({ control }) => ({ now: new Date(control.clock.now()).toISOString(), frozen: control.clock.isFrozen() }),
  'POST clock': moveClock,
  'GET stats': ({ control }) => control.stats(),
  'POST incoming': async ({ control, body }) => {
    const { mailbox, mime, folder, itemClass } = body() as Record<string, string>;
    if (mailbox === undefined || mime === undefined) throw errors.invalidArgument('mailbox and mime (base64) are needed.');
    const input: IncomingInput = {
      mailbox,
      mime: Buffer.from(mime, 'base64'),
      ...(folder === undefined ? {} : { folder }),
      ...(itemClass === undefined ? {} : { itemClass }),
    };
    return { status: 201, json: showMail(control.mailbox(mailbox), await control.incoming(input)) };
  },
  'POST seed': ({ control, body }) => {
    const { mailbox, folder, count } = body();
    control.seed(String(mailbox), String(folder ?? 'sentitems'), Number(count));
    return done;
  },
  'POST expire-delta-tokens': ({ control }) => {
    control.expireDeltaTokens();
    return done;
  },
  'POST token': async ({ control, body, request }) => ({
    access_token: await control.token(request.body.length === 0 ? {} : (body() as TokenInput)),
  }),
  'GET applications': ({ control }) => ({ value: control.applications.list() }),
  'POST applications': ({ control, body }) => ({ status: 201, json: control.applications.put(body()) }),
  'PUT mail-link': ({ state, body }) => {
    state.mailLink = readMailLink(body());
    return done;
  },
  'POST rotate-keys': async ({ control, body, request }) => {
    await control.rotateKeys(request.body.length === 0 ? {} : (body() as { forgetOld?: boolean }));
    return done;
  },
  'POST reset': ({ control }) => {
    control.reset();
    return done;
  },
};

export async function controlRequest(state: EmulatorState, request: GraphRequest): Promise<Answer> {
  const [, name = '', ...rest] = request.segments;
  const handler = handlers[`${request.method} ${name}`];
  if (handler === undefined) throw errors.unknownSegment(name);
  const result = await handler({
    control: createControl(state),
    state,
    request,
    body: () => readJson(request),
    rest,
    query: (option) => request.query.get(option),
  });
  return isAnswer(result) ? result : { status: 200, json: result };
}
