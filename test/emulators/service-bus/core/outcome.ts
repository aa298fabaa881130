// How a receiver may end its hold on a message.
import type { PropertyChanges } from './message.ts';

export type Outcome =
  | { readonly type: 'complete' }
  | { readonly type: 'release' }
  | { readonly type: 'abandon' | 'defer'; readonly changes?: PropertyChanges }
  | {
      readonly type: 'deadLetter';
      readonly changes?: PropertyChanges;
      readonly reason?: string | undefined;
      readonly description?: string | undefined;
    };
