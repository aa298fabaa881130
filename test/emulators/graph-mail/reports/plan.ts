// What a report says and how it looks, before it is written.

export type ReportKind = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded' | 'read' | 'notRead';

/**
 * exchange: as Exchange Online writes it. regenerated: as Exchange makes it anew from a stored report (X-Supplementary-Info).
 * postfix: another MTA's multipart/report. textOnly: a notice of another MTA without machine-readable part.
 */
type ReportStyle = 'exchange' | 'regenerated' | 'postfix' | 'textOnly';

export interface ReportPlan {
  readonly kind: ReportKind;
  readonly status: string;
  /** Diagnostic-Code; {address} and {domain} are filled in. */
  readonly diagnostic: string;
  readonly style?: ReportStyle;
  /** Whether another host said it: then the report names it as Remote-MTA. */
  readonly remote?: boolean;
  readonly language?: 'en' | 'de' | 'fr';
  /** Without In-Reply-To and References. */
  readonly unthreaded?: boolean;
  /** Sent that many times. */
  readonly copies?: number;
  /** Milliseconds after delivery. */
  readonly delay?: number;
  /** Only when the mail asked for it. */
  readonly ifAsked?: 'read' | 'delivery';
  /** All recipients with this name share one report, whatever else differs. */
  readonly group?: string;
  /** What differs where the recipient is of the tenant itself. */
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
