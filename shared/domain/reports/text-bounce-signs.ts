// How bounces without a status part are recognised, as data: each row a pattern, what it means, and an example that it must match.
// Few and general rows: they describe how mail systems speak, never one host.

export type TextRule = { pattern: RegExp; meaning: string; example: string };

/** Who writes bounces: From. */
export const SENDER_RULES: readonly TextRule[] = [
  { pattern: /\bmailer-?\s?daemon\b|<>/i, meaning: 'the null sender or a mailer daemon', example: 'MAILER-DAEMON@mx.example.com' },
  {
    pattern: /\bmail\W?deliver(?:y|er)?\W(?:sub)?\W?system\b/i,
    meaning: 'a mail delivery system',
    example: 'Mail Delivery Subsystem <x@example.com>',
  },
  {
    pattern: /\bmicrosoftexchange[0-9a-f]{8,}@/i,
    meaning: "Exchange's own mailbox",
    example: 'MicrosoftExchange329e71ec88ae4615@contoso.com',
  },
];

/** Senders that write other mail too. */
export const WEAK_SENDER_RULES: readonly TextRule[] = [
  { pattern: /post[\W_]?master|mdaemon|mail-?admin/i, meaning: 'a postmaster', example: 'Postmaster <postmaster@example.com>' },
  {
    pattern: /system administrator|systemadministrator/i,
    meaning: 'Exchange 5.5 to 2003',
    example: 'System Administrator <admin@example.com>',
  },
  {
    pattern: /smtp|mail[\W_]?(?:system|server|service|gateway)|virus|\bimss\b|\bmta\b/i,
    meaning: 'a gateway',
    example: 'smtp-gateway@example.com',
  },
];

/** How a mail system begins its report; people who quote one begin with words of their own. */
export const OPENING_RULES: readonly TextRule[] = [
  {
    pattern: /\bthis (?:message|is an?|e-?mail)\b.{0,30}\bautomatic(?:ally)?\b.{0,30}\b(?:created|generated|notification)/i,
    meaning: 'made by a machine',
    example: 'This is an automatically generated Delivery Status Notification.',
  },
  {
    pattern: /\b(?:message|mail) (?:was )?(?:created|generated) automatically by\b/i,
    meaning: 'made by a machine',
    example: 'This message was created automatically by mail delivery software.',
  },
  {
    pattern: /\bthis is the\b.{0,40}\b(?:program|mail system|mail server|mail agent|daemon)\b/i,
    meaning: 'the program names itself',
    example: 'Hi. This is the qmail-send program at mx.example.com.',
  },
  {
    pattern:
      /^\W*(?:non-?delivery report|message from \w+|returned mail|failed recipients|message log|failure reasons|delivery (?:failed|failure|report))\b/i,
    meaning: 'a heading',
    example: '--- Non-Delivery Report ---',
  },
  {
    pattern:
      /\byour (?:mail|message|e-?mail)\b.{0,200}\b(?:(?:could not|couldn['’]t) be delivered|did not reach|(?:was|has) (?:not been delivered|not delivered|undeliverable|blocked|rejected|refused))\b/i,
    meaning: 'your message did not arrive',
    example: 'Your message did not reach some or all of the intended recipients.',
  },
  {
    pattern: /\bdelivery has failed to these recipients\b|\bdiagnostic information for administrators\b/i,
    meaning: 'Exchange',
    example: 'Delivery has failed to these recipients or groups:',
  },
  {
    pattern: /\brcpt\s+to:.{0,200}\b[45]\d\d\b/i,
    meaning: 'an SMTP transcript',
    example: 'Sent <<< RCPT TO:<bob@example.com> Received >>> 550 5.1.1 user unknown',
  },
  {
    pattern:
      /\bfollowing (?:destination )?(?:address(?:es)?|recipients?)\b.{0,60}\b(?:had|have|failed|unknown|affected|could not|did not|not be)\b/i,
    meaning: 'a list follows',
    example: '--- The following addresses had delivery problems ---',
  },
];

/** Addresses that send by machine, but all kinds of mail. */
export const MACHINE_SENDER_RULES: readonly TextRule[] = [
  { pattern: /\b(?:no|do-?not)[-_.]?reply\b/i, meaning: 'a sender that takes no answers', example: 'no-reply@example.com' },
];

/** A notification in JSON, as senders of bulk mail get it. */
export const NOTIFICATION_RULES: readonly TextRule[] = [
  {
    pattern: /^\W{0,10}(?:Type\W{1,8}Notification\b.{0,2000}\W)?notificationType\W{1,8}(?:Bounce|Delivery)\b/,
    meaning: 'a notification in JSON',
    example: '{"notificationType":"Bounce","bounce":{}}',
  },
];

/** Subjects of mail that is no report of its own, whatever it says. */
export const NO_REPORT_SUBJECT_RULES: readonly TextRule[] = [
  { pattern: /^(?:fwd?|wg|tr|rv|enc|vb|vs|i)\s?:/i, meaning: 'forwarded', example: 'FW: Undeliverable: Invoice 4711' },
  {
    pattern: /^(?:auto(?:matic)?[ -]?(?:reply|response|antwort)|out of (?:the )?office)/i,
    meaning: 'an automatic answer',
    example: 'Automatic reply: Invoice 4711',
  },
  {
    pattern:
      /^(?:automatische antwort|abwesen|automatisch antwoord|autosvar|automatiskt svar|réponse automatique|respuesta automática|risposta automatica|resposta automática)/i,
    meaning: 'an automatic answer, in other languages',
    example: 'Automatische Antwort: Rechnung',
  },
  {
    pattern: /^(?:自動(?:応答|返信)|自动(?:回复|答复)|自動回覆|不在)/,
    meaning: 'an automatic answer, in Japanese and Chinese',
    example: '自動応答: 請求書',
  },
];

/** Subjects of bounces, anchored at the start where people may write the words too. */
export const SUBJECT_RULES: readonly TextRule[] = [
  {
    pattern: /^(?:re: ?)?(?:\W{0,3})(?:mail|message|e-?mail)?\s?undeliver(?:able|ed)/i,
    meaning: 'undeliverable',
    example: 'Undeliverable: Invoice 4711',
  },
  {
    pattern:
      /\b(?:delivery (?:status )?(?:notification|failure|problem|error|report|warning|delay)|failure notice|returned (?:e-?)?mail|non-?delivery)/i,
    meaning: 'a delivery status notification',
    example: 'Delivery Status Notification (Failure)',
  },
  {
    pattern: /\b(?:mail|message|e-?mail)\W.{0,40}\b(?:failed|failure|delayed|not (?:be )?(?:delivered|sent)|error|bounced?|returned)/i,
    meaning: 'a mail that failed',
    example: 'Mail delivery failed: returning message to sender',
  },
  {
    pattern:
      /\bdelayed (?:mail|message)|\b(?:mail|message)\b.{0,40}\bdelayed|error sending|user unknown|unknown user|\bbounced?\b|not delivered/i,
    meaning: 'delayed, unknown or bounced',
    example: 'Delayed Mail (still being retried)',
  },
  { pattern: /unzustellbar|zustell(?:ung|fehler)|nicht zugestellt|rückläufer/i, meaning: 'German', example: 'Unzustellbar: Rechnung' },
  {
    pattern: /non remis|non distribu|échec de (?:la )?(?:remise|livraison|distribution)/i,
    meaning: 'French',
    example: 'Non remis : Facture',
  },
  { pattern: /non recapitabile|mancat[ao] (?:recapito|consegna)/i, meaning: 'Italian', example: 'Non recapitabile: Fattura' },
  { pattern: /no se puede entregar|no entregado|error de entrega/i, meaning: 'Spanish', example: 'No se puede entregar: Factura' },
  { pattern: /não (?:entregue|é possível entregar)|falha na entrega/i, meaning: 'Portuguese', example: 'Não entregue: Fatura' },
  { pattern: /onbestelbaar|niet bezorgd/i, meaning: 'Dutch', example: 'Onbestelbaar: Factuur' },
  {
    pattern: /olevererbar|kohaletoimetamatu|ikke leveres|kan ikke leveres|nie można dostarczyć|niedostarczalne|не доставлено|недоставлено/i,
    meaning: 'Swedish, Estonian, Danish, Norwegian, Polish, Russian',
    example: 'Olevererbart: Faktura',
  },
  {
    pattern: /配信不能|送信できません|配信できません|エラー通知|配信エラー|退信|无法传递|无法送达|傳遞|반송|배달되지/,
    meaning: 'Japanese, Chinese, Korean',
    example: '配信不能: 請求書',
  },
];

/** What a bounce says in its own words. */
export const BODY_RULES: readonly TextRule[] = [
  {
    pattern:
      /\b(?:could|can|was|were|has|have|is|are|did)\s?(?:not|n['’]t)\s(?:yet\s)?(?:be(?:en)?\s)?(?:able\sto\s(?:deliver|send)|deliver(?:ed|able)?|sent|reach(?:ed)? (?:the|some)|accepting)\b/i,
    meaning: 'not delivered',
    example: 'could not be delivered to one or more recipients',
  },
  {
    pattern:
      /\b(?:unable|failed|afraid i wasn['’]t able|trouble|errors?|problems?)\s(?:(?:has\s)?occurred\s)?(?:while\s|in\s)?(?:try(?:ing)?\sto\s|attempting\sto\s|to\s)?(?:deliver|send)(?:ing)?\b/i,
    meaning: 'unable to deliver',
    example: 'An error occurred while trying to deliver the mail',
  },
  {
    pattern: /\bundeliver(?:able|ed)\b|\bnon-?deliver(?:y|able|ed)\b|\bunrout(?:e)?able\b/i,
    meaning: 'undeliverable',
    example: 'undeliverable to bob@example.com',
  },
  {
    pattern: /\bdel[ie]very\b.{0,80}\b(?:failed|failure|delayed|aborted|problems?|errors?|notification|postponed)\b/i,
    meaning: 'delivery failed',
    example: 'Delivery to the following recipients failed.',
  },
  {
    pattern:
      /\b(?:recipients?|address(?:es)?|users?)\b.{0,60}\b(?:failed|fatal|errors?|rejected|problems?|not (?:receive|found|be reached)|unknown|incorrect|invalid|affected|wrong)\b/i,
    meaning: 'recipients that failed',
    example: 'The following address(es) failed:',
  },
  {
    pattern:
      /\b(?:failed|invalid|unknown|bad|no such|no valid|affected)\s(?:final delivery\s)?(?:recipients?|address(?:es)?|users?|userid|mailbox)\b/i,
    meaning: 'failed recipients',
    example: '------ Failed Recipients ------',
  },
  {
    pattern: /\bmail(?:box|folder)\b.{0,40}\b(?:full|exceed(?:s|ed|ing)?|over quota|unavailable)\b/i,
    meaning: 'the mailbox is full',
    example: 'User mailbox exceeds allowed size',
  },
  {
    pattern:
      /\b(?:transcript of session|returned to sender|message returned|message is being returned|postponed|will be retried|still being retried)\b/i,
    meaning: 'a transcript, or a delay',
    example: '----- Transcript of session follows -----',
  },
  {
    pattern:
      /\(#[45]\.\d{1,3}\.\d{1,3}|\b[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3}\b|.{0,80}\b(?:unknown|rejected|denied|unavailable|failed))/i,
    meaning: "a server's refusal",
    example: '550 5.1.1 user unknown',
  },
  {
    pattern: /\bnot listed in\b|\bthe group you tried to contact\b|\bhas been (?:blocked|rejected|refused)\b|\bexpired\b.{0,40}\bqueue\b/i,
    meaning: 'refused',
    example: 'the group you tried to contact may not exist',
  },
  {
    pattern:
      /\baccount (?:is|was|has been|does not|doesn['’]t) (?:\w+ )?(?:disabled|suspended|closed|inactive|terminated|discontinued|exist)/i,
    meaning: 'the account is closed',
    example: 'The user(s) account is disabled.',
  },
  {
    pattern:
      /nicht zugestellt|unzustellbar|n['’]a pas pu être (?:remis|distribué|envoyé)|non (?:è stato possibile|recapitat|consegnat)|no (?:se )?(?:pudo|ha podido) (?:ser )?entrega|não (?:pôde|foi possível|pode)|niet (?:worden )?(?:bezorgd|afgeleverd)|kunde inte levereras|kunne ikke leveres/i,
    meaning: 'not delivered, in western languages',
    example: 'Ihre Nachricht konnte nicht zugestellt werden',
  },
  {
    pattern: /не может быть доставлено|не удалось доставить|невозможно доставить|nie (?:można|została) dostarcz/i,
    meaning: 'not delivered, in Russian and Polish',
    example: 'Ваше письмо не может быть доставлено',
  },
  {
    pattern:
      /送信できません|配信できません|配信に失敗|送信に失敗|届けられません|无法(?:发送|投递|送达|传递)|投递失败|無法(?:傳送|投遞|傳遞)|전송하지 못|배달(?:할 수 없|되지)/,
    meaning: 'not delivered, in Japanese, Chinese and Korean',
    example: 'このメールは送信できませんでした。',
  },
];
