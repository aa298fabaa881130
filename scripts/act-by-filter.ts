// `npx graph-mail-queue resend` and `cancel`: act on every send request that a filter finds. The API takes some hundred of them in a call, so the
// command calls it until there are no more.
import { parseArgs } from 'node:util';
import { refuseCall } from './commands.ts';
import { failed, type Json, OperatorApi, SIGN_IN_OPTIONS } from './operator-api.ts';

type Action = 'resend' | 'cancel';

/** An answer of the API, as OpenAPI describes it. */
interface Answer {
  matched: number;
  done: number;
  leftOut: number;
  next?: string;
  value: { id: string; mailbox: string; status: string; possible?: boolean; done?: boolean; detail?: string }[];
}

const OPTIONS = {
  ...SIGN_IN_OPTIONS,
  action: { type: 'string', default: 'resend' },
  filter: { type: 'string' },
  recipients: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

/** The first argument: the command itself gives it. */
const action: Action = process.argv[3] === 'cancel' ? 'cancel' : 'resend';

const { values, api } = (() => {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    if (!values.filter) throw new Error('--filter takes a filter as in $filter of the lists.');
    return { values, api: new OperatorApi(values) };
  } catch (error) {
    return refuseCall(action, (error as Error).message);
  }
})();

const order = (after: string | undefined): Json => ({
  filter: values.filter,
  dryRun: !values.yes,
  ...(values.recipients !== undefined && { recipients: values.recipients }),
  ...(values.reason !== undefined && { reason: values.reason }),
  ...(after !== undefined && { after }),
});

const lineOf = ({ id, mailbox, status, possible, done, detail }: Answer['value'][number]): string => {
  const result = (values.yes ? done : possible) ? (values.yes ? 'done' : 'possible') : values.yes ? 'not done' : 'not possible';
  return [id, mailbox, status, detail === undefined ? result : `${result}: ${detail}`].join('  ');
};

try {
  const sum = { matched: 0, done: 0, possible: 0, leftOut: 0 };
  let after: string | undefined;
  do {
    const answer = (await api.call('POST', `sendRequests/${action}`, `The ${action}`, order(after))) as unknown as Answer;
    for (const one of answer.value) console.log(lineOf(one));
    sum.matched += answer.matched;
    sum.done += answer.done;
    sum.possible += answer.value.filter(({ possible }) => possible).length;
    sum.leftOut += answer.leftOut;
    after = answer.next;
  } while (after !== undefined);
  const leftOut =
    sum.leftOut === 0
      ? ''
      : ` ${sum.leftOut} were left out, since only a mail says that they failed: a person must decide on each by its id.`;
  console.log(
    values.yes
      ? `${sum.done} of ${sum.matched} send requests: ${action} done.${leftOut}`
      : `${sum.possible} of ${sum.matched} send requests: ${action} is possible. Nothing was done. --yes does it.${leftOut}`,
  );
  if (values.yes && sum.done < sum.matched) process.exitCode = 1;
} catch (error) {
  failed(error);
}
