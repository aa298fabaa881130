// What the local stack prints once it is up: where everything is, and a first mail to send.
import { resolve } from 'node:path';
import { SAMPLE_POLICY } from './local-settings.ts';
import type { Stack } from './stack.ts';

const FIRST_MAIL = JSON.stringify({
  message: {
    subject: 'Invoice 4711',
    body: { contentType: 'Text', content: 'Please find the invoice in our portal.' },
    toRecipients: [{ emailAddress: { address: 'customer@example.com' } }],
  },
});

const table = (rows: readonly (readonly [string, string | undefined])[]): string =>
  rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name.padEnd(22)}${value}`)
    .join('\n');

/** A word of a POSIX shell. */
const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** `stateFile`: where `npx graph-mail-queue token` finds this stack, if it is not the default. */
export function stackBanner({ urls, settings, certificate }: Pick<Stack, 'urls' | 'settings' | 'certificate'>, stateFile?: string): string {
  const { functions, graph } = urls;
  /** What one opens in a browser comes first. */
  const pages = [
    ['Console', settings['CONSOLE'] === 'off' ? undefined : functions && `${functions}/console`],
    ['Mailboxes', graph && `${graph}/mailbox`],
  ] as const;
  const authorization =
    settings['CALLER_AUTH'] === 'entra'
      ? ` -H "Authorization: Bearer $(npx graph-mail-queue token --app sample-app${stateFile === undefined ? '' : ` --state ${quoted(resolve(stateFile))}`})"`
      : '';
  const denial =
    settings['SENDER_POLICY'] !== SAMPLE_POLICY
      ? ''
      : `\nThe sender policy is ${settings['SENDER_POLICY']}. With alerts@contoso.com in the path the mail is denied: 403.\n`;
  return `
graph-mail-queue is up:
${table([
  ...pages,
  ['Functions', functions],
  ['Functions, https', urls['functionsHttps']],
  ['Graph mail', urls['graph']],
  ['Tenant, https', urls['graphHttps']],
  ['Certificate', certificate],
  ['Service Bus', urls['serviceBus']],
  ['Table Storage', urls['table']],
  ['Blob Storage', urls['blob']],
  ['Events', urls['eventGrid'] && `${urls['eventGrid']}/events`],
])}

Send a first mail:

  curl -i ${functions}/v1.0/users/sender@contoso.com/sendMail${authorization} -H 'Content-Type: application/json' -d '${FIRST_MAIL}'

Then GET the path in its Location header on ${functions}: queued, submitting, accepted, sent.
${denial}Ctrl-C stops everything.
${certificate ? `A client trusts the certificate by NODE_EXTRA_CA_CERTS=${certificate} (Node.js), SSL_CERT_FILE (.NET, Go, Python), or REQUESTS_CA_BUNDLE (requests of Python).\n` : ''}`;
}

export function emulatorsBanner({ urls, settings, certificate }: Stack): string {
  const values = Object.entries(settings).map(([name, value]) => [name, value] as const);
  return `
The emulators are up:
${table([...Object.entries(urls), ['certificate', certificate]])}

Run the app against them with Azure Functions Core Tools: put these into local.settings.json, then func start.

${JSON.stringify({ IsEncrypted: false, Values: { FUNCTIONS_WORKER_RUNTIME: 'node', AzureWebJobsStorage: settings['STORAGE'], ...Object.fromEntries(values) } }, undefined, 2)}
`;
}
