// What an error of the Service Bus client says about the message: surely not on the queue, or perhaps.

/** Service Bus refused this message or our connection, so the message is not on the queue. https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-exceptions */
const REFUSED: readonly unknown[] = [
  'MessageSizeExceeded',
  'MessagingEntityNotFound',
  'MessagingEntityDisabled',
  'QuotaExceeded',
  'UnauthorizedAccess',
  'ServiceBusy',
];
/** Refusals that an immediate repeat would get again. */
const LASTING: readonly unknown[] = ['MessageSizeExceeded', 'MessagingEntityNotFound', 'MessagingEntityDisabled', 'QuotaExceeded'];

export interface Failed {
  /** True if the message cannot be on the queue. */
  certain: boolean;
  /** True if trying again at once is useless. */
  lasting: boolean;
  busy: boolean;
  reason: string;
}

/** The client throws an AggregateError without a code or message when its tries failed differently (core-amqp 4.4). */
function flatten(error: unknown): { code?: unknown; message?: string; name?: string }[] {
  return error instanceof AggregateError ? error.errors.flatMap(flatten) : [error as Error];
}

/** `connecting`: the link was not open yet, so no message can have left. */
export function explainFailure(error: unknown, connecting: boolean): Failed {
  const errors = flatten(error);
  const codes = errors.map(({ code }) => code);
  const isOurs = errors.some((each) => each instanceof TypeError || each instanceof RangeError);
  return {
    certain: connecting || isOurs || codes.every((code) => REFUSED.includes(code)),
    lasting: isOurs || codes.some((code) => LASTING.includes(code)),
    busy: codes.includes('ServiceBusy'),
    reason: [...new Set(errors.map(({ code, name, message }) => `${code ?? name ?? 'Error'}: ${message ?? ''}`))].join('; ').slice(0, 500),
  };
}
