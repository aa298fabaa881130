// What a report says and how it looks, before it is written.

/** Actions of RFC 3464. */
export type DeliveryKind = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
/** What Exchange makes of RFC 8098. */
export type ReceiptKind = 'read' | 'notRead';
/** Mail that answers, too, but is no report. */
type OtherKind = 'outOfOffice' | 'complaint' | 'quotedReport';

/**
 * exchange: as Exchange Online writes it. regenerated: as Exchange makes it anew from a stored report (X-Supplementary-Info).
 * flattened: Exchange's words in plain text only, as some gateways leave them. postfix: another MTA's multipart/report.
 * textOnly: a notice of another MTA without machine-readable part.
 */
type ReportStyle = 'exchange' | 'regenerated' | 'flattened' | 'postfix' | 'textOnly';

export type LanguageName = 'en' | 'de' | 'fr' | 'it' | 'nl' | 'pt' | 'sv';

export interface ReportPlan {
  readonly kind: DeliveryKind | ReceiptKind | OtherKind;
  readonly status: string;
  /** Diagnostic-Code; {address} and {domain} are filled in. */
  readonly diagnostic: string;
  readonly style?: ReportStyle;
  /** Whether another host said it: then the report names it as Remote-MTA. */
  readonly remote?: boolean;
  readonly language?: LanguageName;
  /** From another tenant's postmaster, without In-Reply-To and References. */
  readonly unthreaded?: boolean;
  /** Sent that many times. */
  readonly copies?: number;
  /** Milliseconds after delivery. */
  readonly delay?: number;
  /** Only when the mail asked for it. */
  readonly ifAsked?: 'read' | 'delivery';
  /** All recipients with this name share one report, whatever else differs. */
  readonly group?: string;
  /** What differs if the recipient is of the tenant itself. */
  readonly local?: Partial<Omit<ReportPlan, 'local' | 'kind'>>;
  /** Ends up in Junk Email. */
  readonly junk?: boolean;
}

export interface MagicRow {
  readonly localPart: string;
  readonly meaning: string;
  readonly delivered: boolean;
  readonly reports: readonly ReportPlan[];
  /** What the message trace says of it. */
  readonly trace?: 'expanded' | 'quarantined' | 'filteredAsSpam';
}
