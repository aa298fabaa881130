// The commands of `graph-mail-queue`, as data: what each does, how it is called, and what its exit codes mean.

export interface Command {
  name: string;
  does: string;
  /** One line per way of calling it, without the name of the program; then its options, indented. */
  usage: string;
  /** The meaning of exit code 0, and of 1 if the command can end with it. 2 always means wrong arguments or no credentials. */
  exits: { 0: string; 1?: string };
  /** Relative to this folder. */
  file: string;
  /** Put before what the caller gives. */
  implies?: readonly string[];
}

const ENDED = 'it ran to its end';

export const COMMANDS: readonly Command[] = [
  {
    name: 'start',
    does: 'runs the whole product on this machine, against emulators',
    usage: `start [OPTION...]
  --port N                 port of the HTTP API; default 7071; 0: any free one
  --https                  the HTTP API and the emulator's tenant over https as well; prints the certificate that a client must trust
  --events                 publishes each change of a send request on an emulator of Event Grid; prints where they are shown
  --state FILE             writes all URLs, connection strings and process ids to FILE, as JSON
  --graph URL              uses this Graph in place of the emulator. If it is not on this machine, the environment needs
                           CALLER_AUTH=entra, ENTRA_TENANT_ID and ENTRA_AUDIENCE
  --service-bus CONNECTION uses this namespace in place of the emulator
  --storage CONNECTION     uses this storage account in place of Azurite
  --quiet                  prints no log
  --no-build               uses the bundle of the last build
The app reads its settings from the environment.`,
    exits: { 0: 'it was stopped', 1: 'a part could not be started' },
    file: '../test/emulators/local-stack.ts',
  },
  {
    name: 'emulators',
    does: 'runs everything but the Functions host, for Azure Functions Core Tools',
    usage: 'emulators [OPTION...]\nTakes the options of start.',
    exits: { 0: 'it was stopped', 1: 'a part could not be started' },
    file: '../test/emulators/local-stack.ts',
    implies: ['--emulators-only'],
  },
  {
    name: 'demo',
    does: "sends a dozen mails through faults and prints each one's timeline",
    usage: 'demo',
    exits: { 0: 'each mail ended as it should', 1: 'a mail did not end as it should' },
    file: 'demo.ts',
  },
  {
    name: 'token',
    does: "prints an access token of the local stack's own tenant, for curl",
    usage: `token --app NAME [--state FILE | --graph URL] [--audience URI]
  --app       sample-app, other-app (may create), operator (may read and manage all), or any other name, which may create
  --state     state file of the stack; default: that of start
  --graph     URL of the Graph mail emulator, in place of a state file`,
    exits: { 0: 'the token is printed' },
    file: 'token.ts',
  },
  {
    name: 'doctor',
    does: 'checks an installation from outside, up to a first mail and a non-delivery report, and says what to do next',
    usage: `doctor --url URL --mailbox ADDRESS [--scope SCOPE | --token TOKEN | --app NAME] [--unknown ADDRESS] [--patience PT5M] [--no-ndr]
  --url       the app: output MAIL_QUEUE_URL of the deployment, or http://localhost:7071
  --mailbox   sends two mails from here: one to itself, one to an address that cannot exist
  --scope     api://APPLICATION_ID/.default; a token is fetched with your own sign-in
  --token     an access token, in place of --scope; or TOKEN in the environment
  --app       an application of the local stack's tenant; default: sample-app
  --unknown   default: a random address of the mailbox's domain
  --no-ndr    sends only the mail to the mailbox itself`,
    exits: { 0: 'nothing failed', 1: 'something failed' },
    file: 'doctor.ts',
  },
  {
    name: 'policy',
    does: 'checks a sender policy and says which line lets an application send; reads, replaces and lists the policy in force',
    usage: `policy check FILE [--app ID --mailbox NAME [--from ADDRESS] [--to ADDRESS ...] [--size BYTES] [--delegated]]
policy schema                     prints the JSON schema of a sender policy
policy put FILE [--yes]           checks FILE, shows what changes, and with --yes makes it the policy in force
policy get [--version VERSION]    prints the policy in force, or an older one
policy history                    lists the versions, newest first
  --storage   blob endpoint of the storage account: output MAIL_QUEUE_BLOB_ENDPOINT of the deployment.
              Default: STORAGE__blobServiceUri or STORAGE in the environment
  --name      name of the blob; default: sender-policy.json
put, get and history use your own sign-in (az login, azd auth login, Connect-AzAccount).`,
    exits: { 0: 'the command is done, or the application may send', 1: 'the policy has mistakes, or the application may not send' },
    file: 'policy.ts',
  },
  {
    name: 'verify',
    does: 'sends a few mails from a mailbox to itself and says which assumptions of the queue hold in that tenant',
    usage: `verify --mailbox ADDRESS [--graph URL] [--unknown ADDRESS] [--patience PT10M] [--keep]
  --mailbox   sends and receives about ten mails, which are deleted afterwards
  --graph     another Graph; default GRAPH_BASE_URL, else https://graph.microsoft.com
  --unknown   an address that cannot exist; default: a random one of the mailbox's domain
  --patience  how long it waits for copies, arrivals and reports
  --keep      leaves the mails where they are
Credentials: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or certificate), else the managed identity. Needs Mail.Send and Mail.ReadWrite.
With STORAGE, or STORAGE__tableServiceUri, the proofs are stored where the queue finds them; that needs Storage Table Data Contributor.`,
    exits: { 0: 'every assumption of the queue holds', 1: 'an assumption does not hold' },
    file: 'verify.ts',
  },
  {
    name: 'pauses',
    does: 'lists the pauses that operators and reports have set, and lifts them',
    usage: `pauses --url URL [--lift ID ...] [--reason TEXT] [--scope SCOPE | --token TOKEN | --key KEY | --app NAME]
  --url      the app: output MAIL_QUEUE_URL of the deployment, or http://localhost:7071
  --lift     ends a pause, by the id that the list shows (account:x@contoso.com, mailbox:x@contoso.com, application:..., everything); as often as needed
  --reason   why, for the audit log
  --scope    api://APPLICATION_ID/.default; a token is fetched with your own sign-in, which needs the role SendRequests.Manage.All
  --token    an access token, in place of --scope; or TOKEN in the environment
  --key      if CALLER_AUTH=function-key: the app's master key
  --app      an application of the local stack's tenant; default: operator`,
    exits: { 0: 'the command is done', 1: 'the app refuses' },
    file: 'pauses.ts',
  },
  {
    name: 'resend',
    does: 'sends every send request that a filter finds again, to those whom the mail did not reach; first says what it would do',
    usage: `resend --url URL --filter FILTER [--recipients failed|all] [--reason TEXT] [--yes] [--scope SCOPE | --token TOKEN | --key KEY | --app NAME]
  --url         the app: output MAIL_QUEUE_URL of the deployment, or http://localhost:7071
  --filter      as in $filter of the lists, such as "failureClass eq 'ownTenant' and createdDateTime ge 2026-01-31T08:00:00Z"
  --recipients  failed: also requests that did not reach some of their recipients, to those. all (the default): requests that finally failed
  --reason      why, for the timeline of each
  --yes         does it. Without it nothing is done
  --scope       api://APPLICATION_ID/.default; a token is fetched with your own sign-in, which needs the role SendRequests.Manage.All
  --token       an access token, in place of --scope; or TOKEN in the environment
  --key         if CALLER_AUTH=function-key: the app's master key
  --app         an application of the local stack's tenant; default: operator`,
    exits: { 0: 'all that was found was sent again, or nothing was to be done', 1: 'some could not be sent again, or the app refuses' },
    file: 'act-by-filter.ts',
    implies: ['--action', 'resend'],
  },
  {
    name: 'cancel',
    does: 'cancels every send request that a filter finds and that has not gone out; first says what it would do',
    usage: `cancel --url URL --filter FILTER [--reason TEXT] [--yes] [--scope SCOPE | --token TOKEN | --key KEY | --app NAME]
The options are those of resend.`,
    exits: { 0: 'all that was found is cancelled, or nothing was to be done', 1: 'some could not be cancelled, or the app refuses' },
    file: 'act-by-filter.ts',
    implies: ['--action', 'cancel'],
  },
  {
    name: 'explain',
    does: 'says which outcome rule applies to an answer of Graph, what follows, and why',
    usage: `explain --status 503 [--code ErrorServerBusy] [--retry-after 2.5] [--operation sendMail] [--send-issued]
explain --no-answer   the connection broke after the body was sent
explain --not-sent    no connection, or no token
  --operation  one of the nine: sendMail, createDraft, reply, ...; default: sendMail`,
    exits: { 0: 'the rule is printed' },
    file: 'explain.ts',
  },
  {
    name: 'report',
    does: 'reads delivery reports (.eml) and says what they mean',
    usage: 'report FILE...\nPrints one line of JSON for each file.',
    exits: { 0: 'each file was read', 1: 'a file could not be read' },
    file: 'report.ts',
  },
  {
    name: 'soak',
    does: 'sends mails of every kind while it injects random faults and kills processes',
    usage: `soak [--minutes N] [--mails N] [--seed N]
  --minutes   default 3
  --mails     default 600
  --seed      the same seed plans the same faults; default: random`,
    exits: { 0: 'each mail went out once', 1: 'a mail did not go out once, or the log is wrong' },
    file: 'soak.ts',
  },
  {
    name: 'bench',
    does: 'measures on this machine how quick the queue is, how long mail waits for a session, what each mail costs, how the queue compares with sixty hand-written lines, and what lost answers cost a client that repeats',
    usage: `bench [--only SET,SET] [--mails N] [--mailboxes N] [--json FILE]
  --only       throughput, waits, lostAnswers, perMail, yardstick, memory; default: all of them
  --mails      default 300
  --mailboxes  default 30
  --json       default dist/bench.json; a page with charts is written beside it`,
    exits: { 0: ENDED, 1: 'a mail did not get through' },
    file: 'bench.ts',
  },
  {
    name: 'package',
    does: 'builds dist/app and packs it as dist/package.zip, and prints its digest',
    usage: 'package',
    exits: { 0: 'it is packed', 1: 'it could not be built' },
    file: 'package.ts',
  },
];

const PROGRAM = 'graph-mail-queue';

/** How a command is called, and how it ends. */
export function usageOf(name: string): string {
  const { usage, exits } = COMMANDS.find((one) => one.name === name) as Command;
  const lines = usage.split('\n').map((line) => (/^[a-z]/.test(line) && line.startsWith(name) ? `${PROGRAM} ${line}` : line));
  const failed = exits[1] === undefined ? '' : `, 1 if ${exits[1]}`;
  return [...lines, `Ends with 0 if ${exits[0]}${failed}, 2 if the arguments are wrong or there are no credentials.`].join('\n');
}

/** Ends the process with 2: says what is wrong with the call, and how the command is called. */
export function refuseCall(name: string, problem: string): never {
  console.error(`${problem}\n${usageOf(name)}`);
  process.exit(2);
}

export function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    `${PROGRAM} COMMAND [OPTION...]`,
    '',
    ...COMMANDS.map(({ name, does }) => `  ${name.padEnd(width)}  ${does}`),
    '',
    `${PROGRAM} COMMAND --help shows the options of a command and the meaning of its exit codes.`,
  ].join('\n');
}
