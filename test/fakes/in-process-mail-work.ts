// Reads content in the process itself: what is decided is the same as in a worker thread.
import { decodeMail } from '../../shared/domain/content/decode-operation.ts';
import { takeApart } from '../../shared/domain/content/take-apart.ts';
import type { MailWork } from '../../shared/ports/mail-work.ts';

export const inProcessMailWork: MailWork = { decode: decodeMail, takeApart };
