// Writes every field of a frame and a terminus, those that are null at the end as well. AMQP lets a writer leave them out (part 1, section 1.4),
// as rhea does; Service Bus writes them, and Python reads a frame's fields by their place.
import { type Composite, type RheaConnection, types } from './rhea-internals.ts';

/** How many fields a kind of composite has: rhea gives each its accessor. */
const fieldCounts = new WeakMap<object, number>();

function fieldCountOf(composite: Composite): number {
  const prototype = Object.getPrototypeOf(composite) as object;
  const known = fieldCounts.get(prototype);
  if (known !== undefined) return known;
  const count = Object.values(Object.getOwnPropertyDescriptors(prototype)).filter((property) => property.get).length;
  fieldCounts.set(prototype, count);
  return count;
}

/** A copy with all its fields. Never the same one: rhea shares one array between all the empty lists that it has read. */
export function whole(composite: Composite): Composite {
  const copy = Object.create(Object.getPrototypeOf(composite)) as Composite;
  copy.value = Array.from({ length: fieldCountOf(composite) }, (_, i) => composite.value[i] ?? types.Null());
  return copy;
}

export function writeWholeFrames(connection: RheaConnection): void {
  const write = connection._write_frame.bind(connection);
  // An empty frame keeps an idle connection alive.
  connection._write_frame = (channel, frame, payload) => write(channel, frame && whole(frame), payload);
}
