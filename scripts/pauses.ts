// `npx graph-mail-queue pauses`: whether a mailbox is paused since its account failed, and lifting the pause by hand.
import { parseArgs } from 'node:util';
import { managedIdentity } from '../shared/adapters/graph/graph-credential.ts';
import { Table } from '../shared/adapters/table-storage/table.ts';
import { TableAccountPauses } from '../shared/adapters/table-storage/table-account-pauses.ts';
import { makeTableClient } from '../shared/adapters/table-storage/table-client.ts';
import { usageOf } from './commands.ts';

const USAGE = usageOf('pauses');

function fail(problem: string): never {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function options(): { mailbox: string; lift: boolean } {
  try {
    const { values } = parseArgs({ options: { mailbox: { type: 'string' }, lift: { type: 'boolean', default: false } } });
    if (!values.mailbox) throw new Error('--mailbox is missing');
    return { mailbox: values.mailbox.toLowerCase(), lift: values.lift };
  } catch (error) {
    return fail((error as Error).message);
  }
}

function connection() {
  const { STORAGE: connectionString, STORAGE__tableServiceUri: tableServiceUri, STORAGE__clientId: clientId } = process.env;
  if (connectionString) return { connectionString };
  if (tableServiceUri) return { tableServiceUri, credential: managedIdentity(clientId) };
  return fail('No storage settings are known');
}

const { mailbox, lift } = options();
const pauses = new TableAccountPauses(new Table(makeTableClient(connection())), { now: () => Date.now() });
const pause = await pauses.current(mailbox);
console.log(pause ? `${mailbox} is paused until ${pause.until}: ${pause.reason}` : `${mailbox} is not paused`);
if (lift && pause) {
  await pauses.lift(mailbox);
  console.log('The pause is lifted; waiting mails go out within a quarter of an hour.');
}
