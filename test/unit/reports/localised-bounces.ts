// Bounces without a status part in other languages than English, as Exchange and providers word them; written for these tests.

import { example, OUTLOOK, POSTMASTER, RETURNED, type TextBounceExample } from './text-bounces.ts';

export const LOCALISED_BOUNCES: readonly TextBounceExample[] = [
  example(
    'Exchange Online in German',
    'ndr: bob@example.com failed 5.1.10',
    OUTLOOK,
    'Unzustellbar: Rechnung',
    `Fehler bei der Zustellung an folgende Empfänger oder Gruppen:

bob@example.com<mailto:bob@example.com>

Diagnoseinformationen für Administratoren:

bob@example.com
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'

Ursprüngliche Nachrichtenkopfzeilen:

${RETURNED}`,
  ),
  example(
    'Exchange Online in French, HTML only',
    'ndr: bob@example.com failed 5.1.1',
    POSTMASTER,
    '=?utf-8?Q?Non_remis_=3A_Facture?=',
    `<html><head><style>p { color: red }</style></head><body><p>La remise n'a pas pu &ecirc;tre faite.</p>
<p><a href="mailto:bob@example.com">bob@example.com</a><br>Introuvable &#233;.</p>
<p>Remote Server returned '550 5.1.1 not found'</p></body></html>`,
    'Content-Type: text/html; charset=utf-8\n',
  ),
  example(
    'Exchange Online in Italian',
    'ndr: bob@example.com failed 5.1.1',
    OUTLOOK,
    'Non recapitabile: Fattura',
    `Non è stato possibile recapitare il messaggio ai destinatari:

bob@example.com

Informazioni di diagnostica per gli amministratori:
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##

Intestazioni originali del messaggio:

${RETURNED}`,
  ),
  example(
    'a provider in Russian',
    'ndr: bob@example.com failed',
    'mailer-daemon@example.com',
    'Mail failure.',
    'К сожалению, письмо не может быть доставлено:\n\n  bob@example.com\n    Unrouteable address\n',
  ),
  example(
    'a provider in Japanese',
    'ndr: bob@example.com failed 5.4.1',
    POSTMASTER,
    '配信エラー',
    'このメールは送信できませんでした。\n\nbob@example.com\n\n550 5.4.1 Access denied\n',
  ),
  example(
    'a provider in Chinese',
    'ndr: bob@example.com failed',
    'Postmaster <postmaster@example.com>',
    '系统退信',
    '抱歉，您的邮件被退回来了。\n\n收件人： bob@example.com\n退信原因：无法投递\n',
  ),
  example(
    'Exchange Online in Swedish and a local address',
    'ndr: bob@example.com failed 5.1.10',
    OUTLOOK,
    'Olevererbart: Faktura',
    'Det gick inte att leverera till följande mottagare:\n\nbob@example.com\nRemote Server returned 550 5.1.10 not found\n\nUrsprungshuvuden:\n\nX: y\n',
  ),
];
