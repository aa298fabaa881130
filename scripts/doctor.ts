// `npx graph-mail-queue doctor --url URL --mailbox X`: checks an installation from outside, step by step, and says what to do next.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { durationMs } from '../shared/domain/duration.ts';
import { apiToken, STATE } from './api-token.ts';
import { usageOf } from './commands.ts';
import { ACCESS_CHECKS } from './doctor/access-checks.ts';
import type { Answer, Visit } from './doctor/check.ts';
import { EVENTS_CHECKS } from './doctor/events-check.ts';
import { MAIL_CHECKS } from './doctor/mail-checks.ts';
import { type Finding, runChecks } from './doctor/run-checks.ts';
import { snippet } from './doctor/snippet.ts';
import { CommandError } from './sign-in.ts';

const USAGE = usageOf('doctor');

const CALL_TIMEOUT_MS = 60_000;

function options() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      mailbox: { type: 'string' },
      scope: { type: 'string' },
      token: { type: 'string', default: process.env['TOKEN'] ?? '' },
      app: { type: 'string', default: 'sample-app' },
      state: { type: 'string', default: STATE },
      unknown: { type: 'string' },
      patience: { type: 'string', default: 'PT5M' },
      'no-ndr': { type: 'boolean', default: false },
    },
  });
  const { url, mailbox } = values;
  if (!url || !URL.canParse(url)) throw new CommandError('--url takes the URL of the app.');
  if (!/^[^@\s]+@[^@\s]+$/.test(mailbox ?? '')) throw new CommandError('--mailbox takes a mail address.');
  const own = (mailbox as string).toLowerCase();
  const unknown = values.unknown ?? `unknown-user+${randomBytes(6).toString('hex')}@${own.split('@')[1]}`;
  return { ...values, url: url.replace(/\/+$/, ''), mailbox: own, unknown, patienceMs: durationMs(values.patience) };
}

type Options = ReturnType<typeof options>;

function visitOf(values: Options): Visit {
  const visit: Visit = {
    url: values.url,
    mailbox: values.mailbox,
    unknown: values.unknown,
    patienceMs: values.patienceMs,
    now: () => Date.now(),
    pause: () => sleep(1_000),
    getToken: () => apiToken(values),
    call: async (method, path, body): Promise<Answer> => {
      const response = await fetch(new URL(path, `${values.url}/`), {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
        headers: {
          ...(visit.token !== undefined && { Authorization: `Bearer ${visit.token}` }),
          ...(body !== undefined && {
            'Content-Type': 'application/json',
            'Idempotency-Key': `"doctor-${randomBytes(12).toString('hex')}"`,
          }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Answer['body']) : {};
      return { status: response.status, headers: response.headers, body: json, text };
    },
  };
  return visit;
}

const SIGNS = { ok: 'ok     ', failed: 'FAILED ', warning: 'warning', skipped: 'skipped' } as const;

function tell({ name, verdict, detail, next = [] }: Finding): void {
  console.log(`${SIGNS[verdict]}  ${name}: ${detail}`);
  for (const line of next) console.log(`           -> ${line}`);
}

async function main(): Promise<number> {
  const values = options();
  const mailChecks = MAIL_CHECKS.filter(({ name }) => name !== 'non-delivery report' || !values['no-ndr']);
  const checks = [...ACCESS_CHECKS, ...mailChecks, ...EVENTS_CHECKS];
  const visit = visitOf(values);
  const findings = await runChecks(checks, visit, tell);
  if (findings.some(({ verdict }) => verdict === 'failed')) return 1;
  console.log('\nA first mail of your own:');
  const scope = visit.token === undefined ? undefined : (values.scope ?? 'api://APPLICATION_ID/.default');
  for (const line of snippet(values.url, values.mailbox, scope)) console.log(line);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
