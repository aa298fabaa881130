// The tenant's directory: mailboxes by address, alias or object id, always without regard to case.

import { defaultMailboxes, type Switches, tenantDomain } from '../options.ts';
import { Mailbox, type MailboxSettings } from './mailbox.ts';

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
export const isTenantDomain = (address: string): boolean => domainOf(address) === tenantDomain;

export class Directory {
  private readonly mailboxes = new Map<string, Mailbox>();
  private readonly switches: () => Switches;

  constructor(switches: () => Switches) {
    this.switches = switches;
    this.reset();
  }

  reset(): void {
    this.mailboxes.clear();
    for (const address of defaultMailboxes) this.create({ address });
  }

  list(): Mailbox[] {
    return [...new Set(this.mailboxes.values())];
  }

  create(settings: MailboxSettings): Mailbox {
    const mailbox = new Mailbox(settings);
    for (const name of [mailbox.address, ...mailbox.aliases, mailbox.objectId]) this.mailboxes.set(name.toLowerCase(), mailbox);
    return mailbox;
  }

  /** A mailbox by any of its names; creates it if the switch for it is on. */
  find(name: string): Mailbox | undefined {
    const found = this.mailboxes.get(name.toLowerCase());
    if (found !== undefined || !this.switches().autoCreateMailboxes) return found;
    return isTenantDomain(name) && /^[^@\s/\\]+@[^@]+$/.test(name) ? this.create({ address: name.toLowerCase() }) : undefined;
  }

  addAliases(mailbox: Mailbox, aliases: readonly string[]): void {
    for (const alias of aliases) {
      if (!mailbox.owns(alias)) mailbox.aliases.push(alias);
      this.mailboxes.set(alias.toLowerCase(), mailbox);
    }
  }
}
