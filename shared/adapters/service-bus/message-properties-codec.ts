// The properties of a queue message itself, out of the trigger metadata, in which the host mixes the body's own names.

/** A property is undefined if it is unknown, or if it comes from the body in place of the message. */
export interface MessageProperties {
  /** 1 at the first delivery. */
  deliveryCount: number | undefined;
  messageId: string | undefined;
  lockToken: string | undefined;
  sessionId: string | undefined;
  deadLetterReason: string | undefined;
}

/** What of the trigger metadata is read here, as the Functions library names it. */
export const READ_METADATA: readonly string[] = ['deliveryCount', 'messageId', 'lockToken', 'sessionId', 'applicationProperties'];

/** Both ways: what .NET's OrdinalIgnoreCase takes for the same name is the same here. */
const folded = (name: string): string => name.toUpperCase().toLowerCase();

/**
 * The host writes each top-level property of a JSON body over the metadata of that name, in any letter case
 * (azure-functions-host, Utility.ApplyBindingData). Its parser takes more than JSON: in a text that only looks like an object any name may be.
 */
function isOwn(name: string, body: unknown): boolean {
  if (typeof body === 'string') return !/^\s*\{[\s\S]*\}\s*$/.test(body);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return true;
  return !Object.keys(body).some((other) => folded(other) === folded(name));
}

const textOf = (value: unknown): string | undefined => (value === undefined || value === null ? undefined : String(value));

/** `metadata` and `body` as the Functions library hands them over: names in camel case, the body parsed if it is JSON. */
export function messageProperties(metadata: Record<string, unknown> | undefined, body: unknown): MessageProperties {
  const own = (name: string): unknown => (isOwn(name, body) ? metadata?.[name] : undefined);
  const count = own('deliveryCount');
  const properties = own('applicationProperties');
  const reason =
    typeof properties === 'object' && properties !== null ? (properties as Record<string, unknown>)['deadLetterReason'] : undefined;
  return {
    deliveryCount: Number.isInteger(count) && (count as number) >= 1 ? (count as number) : undefined,
    messageId: textOf(own('messageId')),
    lockToken: textOf(own('lockToken')),
    sessionId: textOf(own('sessionId')),
    deadLetterReason: textOf(reason),
  };
}
