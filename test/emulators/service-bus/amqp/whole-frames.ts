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

export function whole<T extends Composite>(composite: T): T {
  const { value } = composite;
  for (let i = value.length; i < fieldCountOf(composite); i++) value.push(types.Null());
  return composite;
}

export function writeWholeFrames(connection: RheaConnection): void {
  const write = connection._write_frame.bind(connection);
  connection._write_frame = (channel, frame, payload) => write(channel, whole(frame), payload);
}
