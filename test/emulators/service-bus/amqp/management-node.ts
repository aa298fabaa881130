// The management node of a queue: looks an operation up, carries it out, answers.
import { BrokerError, conditions } from '../core/errors.ts';
import type { Queue } from '../core/queue.ts';
import type { Faults } from '../faults.ts';
import type { ClientConnection } from './client-connection.ts';
import { faulty } from './faulty.ts';
import { operations } from './management-operations.ts';
import type { Request } from './request-node.ts';
import { types } from './rhea-internals.ts';

const statusOf: Readonly<Record<string, number>> = {
  [conditions.messageNotFound]: 404,
  [conditions.notFound]: 404,
  [conditions.messageLockLost]: 410,
  [conditions.sessionLockLost]: 410,
  [conditions.sessionCannotBeLocked]: 410,
  [conditions.serverBusy]: 503,
  [conditions.timeout]: 408,
  [conditions.unauthorized]: 401,
  [conditions.notImplemented]: 501,
  [conditions.messageTooLarge]: 413,
};

export function handleManagementRequest(connection: ClientConnection, request: Request, queue: Queue, faults: Faults): void {
  const { message: asked } = request;
  const name = String(asked.application_properties?.['operation']);
  let body: Record<string, unknown> | undefined;
  faulty(faults.take('management', queue.name), connection, {
    apply: () => {
      const operation = operations[name];
      if (!operation) throw new BrokerError(conditions.notImplemented, `The operation '${name}' is not supported.`);
      body = operation(queue, (asked.body ?? {}) as Record<string, unknown>, connection);
    },
    answer: () => {
      const status = body ? 200 : 204;
      request.answer({ statusCode: types.wrap_int(status), statusDescription: body ? 'OK' : 'No content' }, body);
    },
    forget: () => {},
    refuse: ({ condition, message }) => {
      const status = statusOf[condition] ?? 400;
      request.answer({
        statusCode: types.wrap_int(status),
        statusDescription: message,
        errorCondition: types.wrap_symbol(condition),
      });
    },
  });
}
