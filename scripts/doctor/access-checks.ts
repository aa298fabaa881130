// The checks before any mail: does the app run, does it accept the token, does the sender policy allow it, may the queue read the mailbox.
import { SETTINGS } from '../../shared/settings/settings.ts';
import { CommandError } from '../sign-in.ts';
import { type Answer, type Check, errorOf, failed, type Result, type Visit } from './check.ts';
import { applicationOf, claimsOf } from './token.ts';

const OK = (detail: string): Result => ({ verdict: 'ok', detail });
const START_HELP = [
  'Application Insights has the whole reason: traces | where message startswith "not ready" or severityLevel >= 3 | order by timestamp desc',
  'If a Key Vault reference was not resolved, its setting is wrong: give the identity of the app the role Key Vault Secrets User, then restart the app.',
];

const HOST_HELP = [
  'Was a package deployed? azd deploy, or the last command of infra/README.md, "Without azd".',
  'OPERATIONS.md, "The app does not start", has more. With monitoring.logFunctionHost the log says why the host itself does not start.',
];

/** What each wrong setting must be, from the table of settings. */
const settingHelp = (names: readonly string[]): string[] => [
  ...SETTINGS.filter(({ name }) => names.includes(name)).map(({ name, meaning, example }) => `${name}: ${meaning}. Example: ${example}`),
  ...(names.length > 0 ? ['Correct it in infra/main.bicepparam, then run azd provision: the app restarts with it.'] : []),
];

const namesOf = (settings: unknown): string[] => (Array.isArray(settings) ? settings.map(String) : []);

interface Dependency {
  name: string;
  reachable: boolean;
}

/** What each part of the app needs to be reachable. */
const DEPENDENCY_HELP: Readonly<Record<string, string>> = {
  queue: 'Service Bus: role Azure Service Bus Data Sender on the queue, and the network rules of the namespace.',
  statusLog: 'Table Storage: role Storage Table Data Contributor, and the network rules of the storage account.',
  contentStore: 'Blob Storage: role Storage Blob Data Owner, and the network rules of the storage account.',
  senderPolicy:
    'The sender policy is missing or has mistakes: npx graph-mail-queue policy put FILE --yes (see infra/sender-policy.example.json).',
};

async function running({ call, url }: Visit): Promise<Result> {
  let answer: Answer;
  try {
    answer = await call('GET', '/health/ready');
  } catch (error) {
    return failed(
      `no connection to ${url}: ${reasonOf(error)}`,
      'Check --url. With private ingress this command must run inside the network.',
    );
  }
  const { status, body } = answer;
  if (status === 200) return OK('the app runs and reaches queue, status log, content store and sender policy');
  if (status === 503 && body['status'] === 'notStarted')
    return failed(`the app has not started: ${body['reason']}`, ...settingHelp(namesOf(body['settings'])), ...START_HELP);
  const dependencies = (body['dependencies'] as Dependency[] | undefined) ?? [];
  const broken = dependencies.filter(({ reachable }) => !reachable);
  if (body['status'] === 'noSenderPolicy')
    return { verdict: 'warning', detail: 'the app runs, but without a sender policy', next: [DEPENDENCY_HELP['senderPolicy'] as string] };
  if (broken.length > 0)
    return failed(
      `the app runs, but cannot reach: ${broken.map(({ name }) => name).join(', ')}`,
      ...broken.map(({ name }) => DEPENDENCY_HELP[name] ?? name),
    );
  if (status === 503 && body['status'] === 'notReady')
    return {
      verdict: 'warning',
      detail: 'the app runs, but is not ready',
      next: ['The log says what is out of reach: traces | where message startswith "not ready". /health/ready names it to an operator.'],
    };
  return failed(
    `/health/ready answered ${errorOf(answer)}: no function answers there. Either the app was not deployed, or the Functions host itself does not start`,
    ...HOST_HELP,
  );
}

const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
};

const preflightOf = ({ call, mailbox }: Visit): Promise<Answer> => call('GET', `/v1.0/users/${encodeURIComponent(mailbox)}/preflight`);

const tokenHelp = (token: string): string[] => {
  const { aud, roles, tid, exp } = claimsOf(token);
  return [
    `The token is for audience ${aud}, from tenant ${tid}, with the roles ${roles?.join(', ') || 'none'}${exp === undefined ? '' : `, and ends ${new Date(exp * 1000).toISOString()}`}.`,
    'The setting ENTRA_AUDIENCE must name this audience (api://APPLICATION_ID, and the id alone), and ENTRA_TENANT_ID this tenant.',
    'Or ask for a token of the right audience: --scope api://APPLICATION_ID/.default. infra/rights/register-api.ps1 makes the application and prints both ids.',
  ];
};

async function tokenTaken(visit: Visit): Promise<Result> {
  const open = await preflightOf(visit);
  if (open.status !== 401) return OK('the app asks for no token (CALLER_AUTH is not entra)');
  try {
    visit.token = await visit.getToken();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const [first = '', ...rest] = error.message.split('\n');
    return failed(first, ...rest);
  }
  const answer = await preflightOf(visit);
  if (answer.status === 401) return failed(`the app refuses the token: ${errorOf(answer)}`, ...tokenHelp(visit.token));
  const claims = claimsOf(visit.token);
  const message = errorOf(answer);
  if (answer.status === 403 && message.includes('role'))
    return failed(
      `the app refuses the caller: ${message}`,
      `Give the application ${applicationOf(claims)} the role SendRequests.Create: infra/rights/register-api.ps1 -Caller ${applicationOf(claims)}`,
      'Only a new token has the new role; an old token is valid for about an hour.',
    );
  return OK(
    `the token of application ${applicationOf(claims)} is accepted, with the roles ${claims.roles?.join(', ') || claims.scp || 'none'}`,
  );
}

async function policyAllows(visit: Visit): Promise<Result> {
  const answer = await preflightOf(visit);
  const caller = applicationOf(claimsOf(visit.token ?? ''));
  if (answer.status === 503) return failed(errorOf(answer), DEPENDENCY_HELP['senderPolicy'] as string);
  if (answer.status !== 200)
    return failed(
      errorOf(answer),
      `Add the application to the sender policy: {"applicationId": "${caller}", "mailboxes": ["${visit.mailbox}"]}, then npx graph-mail-queue policy put FILE --yes.`,
      `To see which line decides: npx graph-mail-queue policy check FILE --app ${caller} --mailbox ${visit.mailbox}`,
    );
  const policy = answer.body['policy'] as { allowed: boolean; place?: string; reason?: string };
  if (policy.allowed)
    return OK(policy.place ? `the sender policy allows it (${policy.place})` : 'no sender policy is in force: everybody may send');
  return failed(
    policy.reason ?? 'the sender policy does not allow it',
    `Add this to the sender policy: {"applicationId": "${caller}", "mailboxes": ["${visit.mailbox}"]}, then npx graph-mail-queue policy put FILE --yes.`,
  );
}

async function mailboxInReach(visit: Visit): Promise<Result> {
  const answer = await preflightOf(visit);
  const service = answer.body['service'] as { readable: string; reason?: string; rights: string } | undefined;
  const pauses = (answer.body['pauses'] as { what: string; reason: string }[] | undefined) ?? [];
  if (!service) return failed(errorOf(answer));
  if (service.readable === 'no' || service.readable === 'unknown')
    return failed(
      service.reason ?? `the queue may not read ${visit.mailbox}`,
      `A tenant administrator runs: ./infra/rights/grant-mailbox-rights.ps1 -ClientId ID -ObjectId ID -Tier ${service.rights} -Mailbox ${visit.mailbox}`,
      'The ids are outputs of the deployment. A change takes up to two hours to reach Graph.',
    );
  if (pauses.length > 0)
    return failed(
      `mail is paused: ${pauses.map(({ what, reason }) => `${what} (${reason})`).join(', ')}`,
      `An operator lifts it: npx graph-mail-queue pauses --url ${visit.url} --lift ID. OPERATIONS.md, "Mail must stop now", says who may do that.`,
    );
  return OK(
    service.readable === 'yes'
      ? `the queue may read ${visit.mailbox}`
      : `the queue was not asked to read ${visit.mailbox} (GRAPH_RIGHTS=${service.rights})`,
  );
}

export const ACCESS_CHECKS: readonly Check[] = [
  { name: 'app', needs: [], run: running },
  { name: 'token', needs: ['app'], run: tokenTaken },
  { name: 'sender policy', needs: ['token'], run: policyAllows },
  { name: 'mailbox', needs: ['sender policy'], run: mailboxInReach },
];
