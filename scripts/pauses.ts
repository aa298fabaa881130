// `npx graph-mail-queue pauses`: lists the pauses that operators and reports have set, and lifts them, through the API with the operator's own sign-in.
import { parseArgs } from 'node:util';
import { refuseCall } from './commands.ts';
import { failed, OperatorApi, SIGN_IN_OPTIONS } from './operator-api.ts';

interface Pause {
  id: string;
  reason: string;
  setBy: string;
  setDateTime: string;
  /** Of a pause that ends by itself. */
  until?: string;
  /** For a mailbox's account: when a mail may go out to test whether the account is still blocked. */
  nextProbeDateTime?: string;
}

const { values, api } = (() => {
  try {
    const { values } = parseArgs({ options: { ...SIGN_IN_OPTIONS, lift: { type: 'string', multiple: true, default: [] as string[] } } });
    return { values, api: new OperatorApi(values) };
  } catch (error) {
    return refuseCall('pauses', (error as Error).message);
  }
})();

const lineOf = ({ id, setBy, setDateTime, until, nextProbeDateTime, reason }: Pause): string =>
  [
    `${id}\n    since ${setDateTime} by ${setBy}`,
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(nextProbeDateTime === undefined ? [] : [`next probe ${nextProbeDateTime}`]),
  ].join(', ') + `: ${reason}`;

try {
  for (const id of values.lift) {
    const why = values.reason === undefined ? '' : `?reason=${encodeURIComponent(values.reason)}`;
    await api.call('DELETE', `pauses/${encodeURIComponent(id)}${why}`, id);
    console.log(`${id} is lifted. Its mail goes out within a minute if few mails wait, and within a quarter of an hour at the latest.`);
  }
  const pauses = (await api.call('GET', 'pauses', 'The list of pauses'))['value'] as Pause[];
  console.log(pauses.length === 0 ? 'Nothing is paused.' : pauses.map(lineOf).join('\n'));
} catch (error) {
  failed(error);
}
