// Which mail of the tenant Exchange does not take while the tenant is over a limit, and which mail can show that it takes it again.
import { domainOf } from '../address/address.ts';
import { domainFits } from '../address/domain-name.ts';
import { OPERATION_TABLE, type Operation } from '../operations.ts';

/**
 * The widest first. `external`: mail to recipients outside the accepted domains. `externalFromDefaultDomain`: such mail from the tenant's
 * onmicrosoft.com domain.
 */
export const TENANT_REACHES = ['all', 'external', 'externalFromDefaultDomain'] as const;
export type TenantReach = (typeof TENANT_REACHES)[number];

export const REACH_IN_WORDS: Record<TenantReach, string> = {
  all: 'the whole tenant',
  external: 'mail of the whole tenant to external recipients',
  externalFromDefaultDomain: 'mail of the whole tenant from onmicrosoft.com to external recipients',
};

/** Two limits may be reached at the same time: the one that stops more mail counts. */
export const wider = (one: TenantReach, other: TenantReach): TenantReach =>
  TENANT_REACHES.indexOf(one) <= TENANT_REACHES.indexOf(other) ? one : other;

interface Mail {
  mailbox: string;
  operation: Operation;
  /** If it is not the mailbox. */
  from?: string;
  redirectedTo?: string;
  recipients: readonly { address: string }[];
}

/** The domain that Microsoft gives each tenant, in all its clouds. https://learn.microsoft.com/microsoft-365/admin/setup/domains-faq */
const DEFAULT_DOMAIN = /\.(?:onmicrosoft\.(?:com|us|de)|partner\.onmschina\.cn)$/i;

/** `unknown`: nobody has said which domains are the tenant's, the mail goes elsewhere, or the request does not name all its recipients. */
function externality(
  { operation, recipients, redirectedTo }: Mail,
  acceptedDomains: readonly string[],
): 'internal' | 'external' | 'unknown' {
  if (acceptedDomains.length === 0 || redirectedTo !== undefined) return 'unknown';
  const isInternal = ({ address }: { address: string }) => acceptedDomains.some((domain) => domainFits(domain, domainOf(address)));
  if (!recipients.every(isInternal)) return 'external';
  const namesAll = OPERATION_TABLE[operation].recipients === 'own' && recipients.length > 0;
  return namesAll ? 'internal' : 'unknown';
}

/** An object id does not say from which domain the mail comes, so it may be the default one. */
function mayBeFromDefaultDomain({ mailbox, from }: Mail): boolean {
  const domain = domainOf(from ?? mailbox);
  return domain === undefined || DEFAULT_DOMAIN.test(domain);
}

/** Whether the limit stops this mail, or may stop it. */
export function isWithin(reach: TenantReach, mail: Mail, acceptedDomains: readonly string[]): boolean {
  if (reach === 'all') return true;
  if (reach === 'externalFromDefaultDomain' && !mayBeFromDefaultDomain(mail)) return false;
  return externality(mail, acceptedDomains) !== 'internal';
}

/**
 * Whether a mail within reach of the limit shows something if it goes out. If nobody can say that it has an external recipient although the
 * accepted domains are known, it shows something only after the limit's window: a reply within the tenant would end the pause too early.
 */
export function canShow(reach: TenantReach, mail: Mail, acceptedDomains: readonly string[], isWindowOver: boolean): boolean {
  if (reach === 'all' || isWindowOver || acceptedDomains.length === 0) return true;
  return externality(mail, acceptedDomains) === 'external';
}
