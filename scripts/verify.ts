// `npx graph-mail-queue verify --mailbox X`: which assumptions of the queue hold in this tenant. Sends a few mails from X to X and to an address that cannot exist.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { TokenCredential } from '@azure/identity';
import { graphCredential } from '../shared/adapters/graph/graph-credential.ts';
import { GraphMailClient } from '../shared/adapters/graph/graph-mail-client.ts';
import { GraphProbeClient } from '../shared/adapters/graph/graph-probe-client.ts';
import { Table } from '../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../shared/adapters/table-storage/table-client.ts';
import { TableProofs } from '../shared/adapters/table-storage/table-proofs.ts';
import { domainOf } from '../shared/domain/address/address.ts';
import { durationMs, inWords } from '../shared/domain/duration.ts';
import type { Proofs } from '../shared/ports/proofs.ts';
import { refuseCall } from './commands.ts';
import { isNotSignedIn, personalCredential } from './sign-in.ts';
import type { Finding, Verification } from './verify/verification.ts';
import { verifyMailbox } from './verify/verify-mailbox.ts';

const POLL_MS = 2_000;
const clock = { now: () => Date.now() };

const fail = (problem: string): never => refuseCall('verify', problem);

function options() {
  try {
    const { values } = parseArgs({
      options: {
        mailbox: { type: 'string' },
        graph: { type: 'string', default: process.env['GRAPH_BASE_URL'] ?? 'https://graph.microsoft.com' },
        unknown: { type: 'string' },
        patience: { type: 'string', default: 'PT10M' },
        keep: { type: 'boolean', default: false },
      },
    });
    if (!/^[^@\s]+@[^@\s]+$/.test(values.mailbox ?? '')) throw new Error('--mailbox takes an address');
    if (!URL.canParse(values.graph)) throw new Error('--graph takes a URL');
    const mailbox = (values.mailbox as string).toLowerCase();
    const unknown = values.unknown ?? `no-such-person-${randomBytes(6).toString('hex')}@${domainOf(mailbox)}`;
    return { mailbox, unknown, graph: values.graph.replace(/\/+$/, ''), patienceMs: durationMs(values.patience), keep: values.keep };
  } catch (error) {
    return fail((error as Error).message);
  }
}

/** An emulator on this machine gives a token to anybody; another fake of Graph accepts any token. */
function localCredential(graph: string): TokenCredential {
  const getToken = async () => {
    const url = `${graph}/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fgraph.microsoft.com`;
    const response = await fetch(url, { headers: { 'X-IDENTITY-HEADER': 'verify' } });
    const { access_token: token } = response.ok ? ((await response.json()) as { access_token?: string }) : {};
    return { token: token ?? 'local', expiresOnTimestamp: Date.now() + 3_600_000 };
  };
  return { getToken };
}

const hasOwnSignIn = (): boolean =>
  [process.env['IDENTITY_ENDPOINT'], process.env['AZURE_CLIENT_SECRET'], process.env['AZURE_CLIENT_CERTIFICATE_PATH']].some(Boolean);

/** Checks the credentials before any mail, because without them nothing else can be verified. */
async function checkCredential(credential: TokenCredential, graph: string): Promise<void> {
  try {
    if (await credential.getToken(`${graph}/.default`)) return;
  } catch (error) {
    // Without a sign-in of its own the last source is an address that only a machine in Azure has: its answer on other machines means nothing.
    if (hasOwnSignIn() && !isNotSignedIn(error)) fail(`No token for ${graph}: ${(error as Error).message}`);
  }
  console.error(`There are no credentials for Microsoft Graph. This command needs those of an application with Mail.Send and Mail.ReadWrite:
set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH) in the environment.
The sign-in of the Azure CLI does not do: its tokens have no right to mail. To try it without a tenant: npm start, then --graph with the URL that it prints.`);
  process.exit(2);
}

function credentialFor(graph: string): TokenCredential {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(graph).hostname);
  return isLocal && !hasOwnSignIn() ? localCredential(graph) : graphCredential(process.env['AZURE_CLIENT_ID']);
}

function proofs(): Proofs | undefined {
  const { STORAGE: connectionString, STORAGE__tableServiceUri: tableServiceUri } = process.env;
  if (!connectionString && !tableServiceUri) return undefined;
  const connection = connectionString
    ? { connectionString }
    : { tableServiceUri: tableServiceUri as string, credential: personalCredential() };
  return new TableProofs(new Table(makeTableClient(connection)), clock);
}

const WORDS = { yes: 'yes', no: 'NO', unknown: '?' } as const;

const lineOf = ({ question, verdict, detail, otherwise }: Finding): string =>
  `${WORDS[verdict].padEnd(4)}${question}\n    ${detail}${verdict === 'yes' || !otherwise ? '' : `\n    Then: ${otherwise}.`}`;

function conclusion({ longestLagMs, recommendedGraceMs, proven, holds }: Verification, stored: boolean): string[] {
  const grace =
    longestLagMs === undefined || recommendedGraceMs === undefined
      ? 'IN_DOUBT_GRACE: no recommendation, because not every copy was seen. Set SUBMISSION_ROUTE=draft.'
      : `IN_DOUBT_GRACE: PT${recommendedGraceMs / 60_000}M (the last copy was seen after ${inWords(Math.ceil(longestLagMs / 1000) * 1000)})`;
  const formats = proven.join(', ') || 'none';
  return [
    grace,
    `Marks are proven for: ${formats}${stored ? ' (stored)' : ' (not stored: no storage settings)'}`,
    holds ? 'Every assumption of the queue holds.' : 'Not every assumption of the queue holds.',
  ];
}

async function main(): Promise<void> {
  const { graph: baseUrl, ...order } = options();
  await checkCredential(credentialFor(baseUrl), baseUrl);
  const client = { baseUrl, makeCredential: () => credentialFor(baseUrl), clock };
  const store = proofs();
  const tools = {
    graph: new GraphMailClient(client),
    probe: new GraphProbeClient(client),
    clock,
    chance: { number: () => Math.random(), bytes: (length: number) => randomBytes(length) },
    sleep: (milliseconds: number) => sleep(milliseconds),
    ...(store && { proofs: store }),
  };
  const isLocal = /^http:/.test(baseUrl);
  console.log(`Verifying ${order.mailbox} at ${baseUrl}; this takes up to ${inWords(order.patienceMs)}.\n`);
  const verification = await verifyMailbox(tools, { ...order, pollMs: isLocal ? 100 : POLL_MS });
  for (const one of verification.findings) console.log(lineOf(one));
  console.log(`\n${conclusion(verification, store !== undefined).join('\n')}`);
  process.exitCode = verification.holds ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
