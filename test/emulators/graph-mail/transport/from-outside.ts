// What Exchange does to mail that comes from the internet before it stores it.
import { changeHeader, headerValue, splitMessage } from '../mime/header-block.ts';

/** https://learn.microsoft.com/exchange/mail-flow/mail-routing/header-firewall */
export const throughHeaderFirewall = (mime: Buffer): Buffer =>
  changeHeader(mime, { remove: ({ name }) => /^x-ms-exchange-(organization|forest)-/i.test(name) });

/** MS-OXCMAIL 2.2.3.7.1: by the most severe action of the delivery-status part. */
const CLASSES = [
  [/^action:\s*failed/im, 'NDR'],
  [/^action:\s*delayed/im, 'Delayed.DR'],
  [/^action:\s*delivered/im, 'DR'],
] as const;

export function reportClassOf(mime: Buffer): string | undefined {
  if (!/^multipart\/report\b/i.test(headerValue(splitMessage(mime), 'Content-Type') ?? '')) return undefined;
  const text = mime.toString('latin1');
  const found = CLASSES.find(([action]) => action.test(text));
  return found && `REPORT.IPM.Note.${found[1]}`;
}
