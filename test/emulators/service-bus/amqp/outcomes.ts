// Reads a disposition's outcome as Service Bus means it.
import type { PropertyChanges } from '../core/message.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Composite, Typed, TypedList } from './rhea-internals.ts';
import { writeTyped } from './sections-typed.ts';

type OutcomeComposite = Composite & { constructor: { composite_type?: string }; undeliverable_here?: boolean };

/** rejected{error}: condition, description, info. */
const ERROR_INFO = 2;
/** modified: delivery-failed, undeliverable-here, message-annotations. */
const MODIFIED_ANNOTATIONS = 2;

export function outcomeOf(state: Composite): Outcome {
  const outcome = state as OutcomeComposite;
  switch (outcome.constructor.composite_type) {
    case 'accepted':
      return { type: 'complete' };
    case 'rejected':
      // The reason and its description are two of the changed properties.
      return { type: 'deadLetter', changes: changesOf((outcome.value[0] as TypedList | undefined)?.value?.[ERROR_INFO]) };
    case 'modified':
      return { type: outcome.undeliverable_here ? 'defer' : 'abandon', changes: changesOf(outcome.value[MODIFIED_ANNOTATIONS]) };
    default:
      return { type: 'release' };
  }
}

function changesOf(map: Typed | undefined): PropertyChanges {
  const items = Array.isArray(map?.value) ? (map.value as Typed[]) : [];
  const changes: Record<string, PropertyChanges[string]> = {};
  for (let i = 0; i + 1 < items.length; i += 2) {
    const value = items[i + 1]!;
    changes[String(items[i]!.value)] = typeof value.value === 'string' ? value.value : { encoded: writeTyped(value).toString('base64') };
  }
  return changes;
}
