// The change feed over a status log in memory: the same contract, by reading everything.
import { feedKey } from '../../shared/domain/log/change-feed.ts';
import type { SendRequestRecord } from '../../shared/domain/log/send-request.ts';
import type { ChangeFeed, ChangeQuery, ChangeRow } from '../../shared/ports/change-feed.ts';
import type { KnownMailbox, SendRequestList } from '../../shared/ports/send-request-list.ts';

const changedAt = ({ lastModifiedDateTime }: SendRequestRecord): number => Date.parse(lastModifiedDateTime);

export class InMemoryChangeFeed implements ChangeFeed {
  /** Mailboxes that were asked for their changes, for tests that count them. */
  readonly asked: string[] = [];
  readonly #log: SendRequestList;

  constructor(log: SendRequestList) {
    this.#log = log;
  }

  async changes(mailbox: string, { from, until, after = '', top }: ChangeQuery): Promise<ChangeRow[]> {
    this.asked.push(mailbox);
    const all = await this.#all(mailbox);
    const meant = all.filter((record) => changedAt(record) >= from && changedAt(record) < until);
    const rows = meant.map((record) => ({ ...record, key: feedKey(changedAt(record), record.id) })).filter(({ key }) => key > after);
    rows.sort((a, b) => (a.key < b.key ? -1 : 1));
    return rows.slice(0, top).map(({ key, id, application }) => ({ key, mailbox, id, application }));
  }

  async changedMailboxes(from: number): Promise<string[]> {
    const changed: string[] = [];
    for (const { mailbox } of await this.#log.mailboxes())
      if ((await this.#all(mailbox)).some((record) => changedAt(record) >= from)) changed.push(mailbox);
    return changed;
  }

  async records(rows: readonly ChangeRow[]): Promise<SendRequestRecord[]> {
    const found: SendRequestRecord[] = [];
    for (const { mailbox, id } of rows) found.push(...(await this.#all(mailbox)).filter((record) => record.id === id));
    return found;
  }

  async completeFrom(): Promise<number> {
    return 0;
  }

  older: ChangeFeed['older'] = async () => ({ records: [] });

  olderMailboxes(): Promise<KnownMailbox[]> {
    return this.#log.mailboxes();
  }

  async #all(mailbox: string): Promise<SendRequestRecord[]> {
    return (await this.#log.page(mailbox, { filter: {}, top: 100_000 })).records;
  }
}
