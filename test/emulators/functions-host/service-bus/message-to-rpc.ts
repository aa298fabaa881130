// A Service Bus message as the host sends it to the worker: body as string, the rest as trigger metadata.
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { InvocationInput } from '../invoker.ts';
import type { RpcTypedData } from '../rpc.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** MessageToStringConverter: data bodies as UTF-8, string values as they are, nothing else. */
function bodyText(message: ServiceBusReceivedMessage): string {
  const { body } = message as { body: unknown };
  if (typeof body === 'string') return body;
  if (!Buffer.isBuffer(body)) throw new TypeError(`A message with a body of type ${typeof body} cannot be bound to a string.`);
  try {
    return strictUtf8.decode(body);
  } catch {
    return body.toString('utf8');
  }
}

const toRpc = (value: unknown): RpcTypedData => (typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) });

// DateTimeOffset.DateTime has no zone when written as JSON; the DateTimeOffset itself has one.
const withoutZone = (date: Date) => date.toISOString().replace('Z', '');
const withOffset = (date: Date) => date.toISOString().replace('Z', '+00:00');

/** Names and values of ServiceBusTriggerBindingStrategy (extension 5.x); what is null there is left out. */
function properties(message: ServiceBusReceivedMessage, withSession: boolean): Record<string, unknown> {
  const { expiresAtUtc, enqueuedTimeUtc, applicationProperties = {}, subject } = message;
  const actions = withSession ? { MessageSession: {}, SessionActions: {} } : {};
  return {
    MessageReceiver: {},
    MessageActions: {},
    ReceiveActions: {},
    Client: {},
    ...actions,
    // The JavaScript client counts earlier deliveries, .NET and so the host counts this one too.
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
    ExpiresAtUtc: expiresAtUtc ? withoutZone(expiresAtUtc) : '9999-12-31T23:59:59.9999999',
    ExpiresAt: expiresAtUtc ? withOffset(expiresAtUtc) : '9999-12-31T23:59:59.9999999+00:00',
    EnqueuedTimeUtc: enqueuedTimeUtc && withoutZone(enqueuedTimeUtc),
    EnqueuedTime: enqueuedTimeUtc && withOffset(enqueuedTimeUtc),
    MessageId: message.messageId,
    ContentType: message.contentType,
    ReplyTo: message.replyTo,
    SequenceNumber: message.sequenceNumber === undefined ? undefined : Number(message.sequenceNumber.toString()),
    To: message.to,
    Subject: subject,
    Label: subject,
    CorrelationId: message.correlationId,
    ApplicationProperties: applicationProperties,
    UserProperties: applicationProperties,
    SessionId: message.sessionId,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
  };
}

/** A property value as Json.NET converts it to binding data: text, or a dictionary of texts. */
function asBindingData(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object' || value === null) return value === null ? undefined : String(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => !Array.isArray(inner))
      .map(([name, inner]) => [name, asBindingData(inner)]),
  );
}

/**
 * Utility.ApplyBindingData of the host: top-level properties of a JSON body become binding data too,
 * and replace metadata of the same name in any letter case.
 */
function addBodyProperties(metadata: Record<string, RpcTypedData>, body: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return;
  const spelling = new Map(Object.keys(metadata).map((name) => [name.toLowerCase(), name]));
  for (const [name, value] of Object.entries(parsed)) {
    const data = Array.isArray(value) ? undefined : asBindingData(value);
    if (data !== undefined) metadata[spelling.get(name.toLowerCase()) ?? name] = toRpc(data);
  }
}

export function toInvocationInput(message: ServiceBusReceivedMessage, queueName: string, withSession: boolean): InvocationInput {
  const body = bodyText(message);
  const triggerMetadata: Record<string, RpcTypedData> = {};
  for (const [name, value] of Object.entries(properties(message, withSession)))
    if (value !== undefined && value !== null) triggerMetadata[name] = toRpc(value);
  addBodyProperties(triggerMetadata, body);
  const { messageId, sessionId, deliveryCount = 0 } = message;
  const session = sessionId === undefined ? '' : `, SessionId: ${sessionId}`;
  return {
    data: { string: body },
    triggerMetadata,
    reason: `New ServiceBus message detected on '${queueName}'. MessageId: ${String(messageId)}, DeliveryCount: ${deliveryCount + 1}${session}`,
    traceParent: message.applicationProperties?.['Diagnostic-Id'] as string | undefined,
  };
}
