// Whether a report was made by our own organization's Exchange. A stranger can send a multipart/report, and whoever reads MIME sets the
// item class from it (MS-OXCMAIL 2.2.3.7.1): the class proves nothing.
import { type Field, fieldValue } from './header-fields.ts';

/**
 * Exchange removes X-MS-Exchange-Organization-* fields from mail of the internet (header firewall), and writes them itself.
 * https://learn.microsoft.com/exchange/mail-flow/mail-routing/header-firewall. `Internal`: submitted within the organization. An
 * employee's own mail has it too, so the sender must be the one that Exchange reports with. Nobody has verified on a live tenant that
 * Graph's `$value` of a report shows the field: without it a report counts as a mere mail.
 */
const AUTH_AS = 'x-ms-exchange-organization-authas';
const REPORTER = /<?(?:postmaster|MicrosoftExchange[0-9a-f]{32})@[^\s<>@]+>?\s*$/i;

export function isOfOwnOrganization(headers: readonly Field[]): boolean {
  const said = headers.filter(({ name }) => name === AUTH_AS);
  const from = headers.filter(({ name }) => name === 'from');
  return (
    said.length === 1 &&
    from.length === 1 &&
    said[0]?.value.trim().toLowerCase() === 'internal' &&
    REPORTER.test(fieldValue(headers, 'from') ?? '')
  );
}
