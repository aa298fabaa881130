// Which recipients are external: their domain is none of the tenant's accepted domains. A subdomain is a domain of its own.
import { domainOf } from '../address/address.ts';
import { asciiDomain } from '../address/domain-name.ts';
import type { Recipient } from '../log/send-request.ts';

/** `acceptedDomains`: in lower case, as A-labels. What has no domain counts as external. */
export function externalOf(recipients: readonly Pick<Recipient, 'address'>[], acceptedDomains: readonly string[]): number {
  return recipients.filter(({ address }) => !acceptedDomains.includes(asciiDomain(domainOf(address) ?? '') ?? '')).length;
}
