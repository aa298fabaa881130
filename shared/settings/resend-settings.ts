// The settings that say what can be sent again after a bounce.
import type { Setting } from './setting.ts';

export const RESEND_SETTINGS = [
  {
    name: 'RESEND_CONTENT',
    kind: ['copy', 'keep', 'none'],
    default: 'copy',
    meaning:
      'Where `resend` finds the content of a mail that Exchange has taken. copy: in the copy in Sent Items; in Blob Storage until the report window ends, if there is no copy (saveToSentItems is false). keep: always in Blob Storage, too. none: such a mail cannot be sent again',
    example: 'copy',
  },
  {
    name: 'KEPT_CONTENT_DAYS',
    kind: 'integer',
    default: '30',
    minimum: 1,
    maximum: 365,
    meaning: 'Days after which Blob Storage deletes what is kept for `resend`, written by the deployment. REPORT_WINDOW must not be longer',
    example: '30',
  },
] as const satisfies readonly Setting[];
