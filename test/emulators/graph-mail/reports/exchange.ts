// Reports as Exchange Online writes them: the shape of real samples, and of MS-OXCMAIL 2.1.3.6.1 for re-generated ones.
import { randomUUID } from 'node:crypto';
import { domainOf } from '../store/directory.ts';
import { childConversationIndex } from '../store/ids.ts';
import { languages, type Words } from './languages.ts';
import { type ComposedReport, factsOf, type OriginalFacts, type ReportInput, returnedPart } from './original.ts';
import { encodeWords, escapeHtml, headerBlock, line, mailDate, multipart, newBoundary, part, textPart } from './parts.ts';
import type { DeliveryKind, ReceiptKind, ReportPlan } from './plan.ts';
import type { ReportedRecipient } from './reports.ts';

const exchangeAddress = 'MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.com';
const server = 'AM0PR04MB0001.eurprd04.prod.outlook.com';

const classes: Record<DeliveryKind | ReceiptKind, string> = {
  failed: 'NDR',
  delayed: 'Delayed.DR',
  delivered: 'DR',
  relayed: 'Relayed.DR',
  expanded: 'Expanded.DR',
  read: 'IPNRN',
  notRead: 'IPNNRN',
};

export function itemClassFor(kind: DeliveryKind | ReceiptKind, { isSmime }: OriginalFacts): string {
  return `REPORT.IPM.Note.${isSmime ? 'SMIME.' : ''}${classes[kind]}`;
}

const fill = (template: string, address: string) => template.replaceAll('{address}', address).replaceAll('{domain}', domainOf(address));
const remoteHost = (address: string) => `mx1.${domainOf(address)}`;

function group({ address, plan }: ReportedRecipient, action: string, regenerated: boolean): string {
  const diagnostic = fill(plan.diagnostic, address);
  const remote = plan.remote ? remoteHost(address) : '';
  if (regenerated) {
    const info = `<${remote || server} #${plan.status} ${diagnostic}>`;
    return `Final-recipient: RFC822;\r\n ${address}\r\nAction: ${action}\r\nStatus: ${plan.status}\r\nX-Supplementary-Info: ${info}\r\nX-Display-Name: ${address}\r\n`;
  }
  return [
    `Final-Recipient: rfc822;${address}\r\nAction: ${action}\r\nStatus: ${plan.status}\r\n`,
    line('Diagnostic-Code', diagnostic),
    line('Remote-MTA', remote === '' ? '' : `dns;${remote}`),
    `X-Display-Name: ${address}\r\n`,
  ].join('');
}

function administratorsText(words: Words, recipients: readonly ReportedRecipient[], facts: OriginalFacts): string {
  const blocks = recipients.map(({ address, plan }) => {
    const answer = fill(plan.diagnostic, address).replace(/^smtp;/, '');
    const said = plan.remote ? `${remoteHost(address)}\n#${answer} ##` : `Remote Server returned '${answer}'`;
    return `${address}\n${said}\n`;
  });
  return `${words.diagnostics}\n\n${words.generatingServer} ${server}\n\n${blocks.join('\n')}\n${words.originalHeaders}\n\n${facts.header.replace(/\r/g, '')}`;
}

function friendlyText(words: Words, kind: DeliveryKind, recipients: readonly ReportedRecipient[], facts: OriginalFacts): string {
  const names = recipients.map(({ address }) => `${address}<mailto:${address}>`).join('\n');
  const detailed = kind === 'failed' || kind === 'delayed';
  const details = detailed ? `\n\n\n${administratorsText(words, recipients, facts)}` : `\n\nSubject: ${facts.subject}\n`;
  return `${words.intro[kind]}\n\n${names}${details}`;
}

function friendlyParts(text: string): Buffer {
  const html = `<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><pre>${escapeHtml(text)}</pre></body></html>`;
  const boundary = newBoundary();
  const inner = multipart(boundary, [textPart('plain', text), textPart('html', html)]);
  return part(`multipart/alternative; differences=Content-Type;\r\n\tboundary="${boundary}"`, inner);
}

export function threading(plan: ReportPlan, facts: OriginalFacts): (readonly [string, string] | null)[] {
  const threaded = !plan.unthreaded && facts.messageId !== '';
  return [
    threaded ? ['In-Reply-To', facts.messageId] : null,
    threaded ? ['References', facts.messageId] : null,
    ['Thread-Topic', encodeWords(facts.subject)],
    facts.threadIndex === '' || plan.unthreaded ? null : ['Thread-Index', childConversationIndex(facts.threadIndex)],
  ];
}

export async function composeExchangeReport({ report, original, sender, now }: ReportInput): Promise<ComposedReport> {
  const { plan, recipients } = report;
  const kind = plan.kind as DeliveryKind;
  const words = languages[plan.language ?? 'en'];
  const facts = await factsOf(original);
  const boundary = newBoundary();
  const regenerated = plan.style === 'regenerated';
  const head = `Reporting-MTA: dns;${server}\r\n${regenerated ? '' : `Received-From-MTA: dns;${server}\r\nArrival-Date: ${mailDate(now)}\r\n`}`;
  const groups = recipients.map((recipient) => group(recipient, kind, regenerated));
  const body = multipart(boundary, [
    friendlyParts(friendlyText(words, kind, recipients, facts)),
    part('message/delivery-status', `${head}\r\n${groups.join('\r\n')}`),
    returnedPart(original),
  ]);
  const header = headerBlock([
    ['From', plan.unthreaded ? `<postmaster@${domainOf(recipients[0]?.address ?? '')}>` : `Microsoft Outlook <${exchangeAddress}>`],
    ['To', `<${sender}>`],
    ['Date', mailDate(now)],
    ['Content-Type', `multipart/report; report-type=delivery-status;\r\n\tboundary="${boundary}"`],
    ['MIME-Version', '1.0'],
    kind === 'failed' ? ['X-MS-Exchange-Message-Is-Ndr', ''] : null,
    ['Content-Language', words.contentLanguage],
    ['Message-ID', `<${randomUUID()}@${server}>`],
    ...threading(plan, facts),
    ['Subject', encodeWords(`${words.subject[kind]}${facts.subject}`)],
    ['Auto-Submitted', 'auto-replied'],
    ['Return-Path', '<>'],
  ]);
  return { mime: Buffer.concat([header, body]), itemClass: itemClassFor(kind, facts) };
}

/** What a gateway leaves of such a report: its text, and nothing for machines. */
export async function composeFlattenedReport({ report, original, sender, now }: ReportInput): Promise<ComposedReport> {
  const { plan, recipients } = report;
  const words = languages[plan.language ?? 'en'];
  const facts = await factsOf(original);
  const kind = plan.kind as DeliveryKind;
  const domain = domainOf(recipients[0]?.address ?? '');
  const header = headerBlock([
    ['From', `<postmaster@${domain}>`],
    ['To', `<${sender}>`],
    ['Date', mailDate(now)],
    ['Message-ID', `<${randomUUID()}@${domain}>`],
    ['Subject', encodeWords(`${words.subject[kind]}${facts.subject}`)],
    ['MIME-Version', '1.0'],
  ]);
  return {
    mime: Buffer.concat([header.subarray(0, -2), textPart('plain', friendlyText(words, kind, recipients, facts))]),
    itemClass: 'IPM.Note',
  };
}
