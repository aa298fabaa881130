// The control API's operations: what a test sees of the emulator and does to it.
import type { AmqpServer } from '../amqp/amqp-server.ts';
import type { Broker } from '../core/broker.ts';
import { newCounters } from '../core/counters.ts';
import { ManualClock } from '../core/manual-clock.ts';
import type { Faults } from '../faults.ts';
import { entityView } from './entity-view.ts';
import { BadRequest, count, dropFrom, faultFrom, flag, text } from './requests.ts';

export interface Controlled {
  readonly broker: Broker;
  readonly amqp: AmqpServer;
  readonly faults: Faults;
}

export class NotFound extends Error {}

type Body = Record<string, unknown>;
type Route = (emulator: Controlled, body: Body, name: string) => object;

/** By method and path; `*` stands for a queue's name. */
export const routes: Readonly<Record<string, Route>> = {
  'GET /status': ({ broker, amqp, faults }) => ({
    queues: [...broker.queues()].map((queue) => queue.name),
    connections: amqp.connectionCount,
    outage: amqp.outage,
    faults: faults.list(),
    countDroppedDeliveries: broker.countDroppedDeliveries,
    now: new Date(broker.clock.now()).toISOString(),
  }),

  'GET /counters': ({ broker }) => Object.fromEntries([...broker.queues()].map((queue) => [queue.name, queue.counters])),

  'DELETE /counters': ({ broker }) => {
    for (const queue of broker.queues()) Object.assign(queue.counters, newCounters());
    return {};
  },

  'GET /entities/*': ({ broker }, _body, name) => entityView(queueNamed(broker, name)),

  'POST /entities/*/locks/expire': ({ broker }, body, name) => {
    queueNamed(broker, name).expireLocks(text(body, 'sessionPrefix'));
    return {};
  },

  'POST /connections/drop': ({ amqp, faults }, body) => {
    const later = dropFrom(body);
    if (!later) return { dropped: amqp.dropConnections() };
    faults.arm(later);
    return { dropped: 0 };
  },

  'POST /outage': ({ amqp }, body) => {
    amqp.outage = flag(body, 'on');
    if (amqp.outage) amqp.dropConnections();
    return { on: amqp.outage };
  },

  'GET /faults': ({ faults }) => ({ faults: faults.list() }),

  'POST /faults': ({ faults }, body) => {
    faults.arm(faultFrom(body));
    return { faults: faults.list() };
  },

  'DELETE /faults': ({ faults }) => {
    faults.clear();
    return { faults: [] };
  },

  'POST /settings': ({ broker }, body) => {
    broker.countDroppedDeliveries = flag(body, 'countDroppedDeliveries');
    return { countDroppedDeliveries: broker.countDroppedDeliveries };
  },

  'POST /clock/advance': ({ broker }, body) => {
    if (!(broker.clock instanceof ManualClock)) throw new BadRequest('the clock is not manual');
    broker.clock.advance(count(body, 'ms'));
    return { now: new Date(broker.clock.now()).toISOString() };
  },
};

function queueNamed(broker: Broker, name: string) {
  const queue = broker.queue(name);
  if (!queue) throw new NotFound(`no queue '${name}'`);
  return queue;
}
