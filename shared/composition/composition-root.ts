// Names the concrete adapters and hands the use cases their ports. The only file that knows them all.
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EntraCallers } from '../adapters/auth/entra-callers.ts';
import { anonymousCallers, functionKeyCallers } from '../adapters/auth/unnamed-callers.ts';
import { BlobContentStore } from '../adapters/blob-storage/blob-content-store.ts';
import { BlobPolicySource } from '../adapters/blob-storage/blob-policy-source.ts';
import { makeBlobService, type OpenBlobService } from '../adapters/blob-storage/blob-service.ts';
import { ConsoleFolder } from '../adapters/files/console-folder.ts';
import { FilePolicySource } from '../adapters/files/file-policy-source.ts';
import { graphCredential, signedIn } from '../adapters/graph/graph-credential.ts';
import { GraphMailClient } from '../adapters/graph/graph-mail-client.ts';
import { MessageTraceClient } from '../adapters/graph/message-trace-client.ts';
import { ByteBudget } from '../adapters/http/byte-budget.ts';
import { makeConsole } from '../adapters/http/console-config.ts';
import type { HttpDependencies } from '../adapters/http/handlers.ts';
import type { NotStartedDependencies } from '../adapters/http/not-started-handlers.ts';
import { PERMITS, Permits } from '../adapters/http/permits.ts';
import { RefusedBodies } from '../adapters/http/refused-bodies.ts';
import type { Access } from '../adapters/http/routes.ts';
import { HostSettlement } from '../adapters/service-bus/host-settlement.ts';
import { ServiceBusQueue } from '../adapters/service-bus/service-bus-queue.ts';
import { hostServiceUrl } from '../adapters/service-bus/worker-arguments.ts';
import { Table } from '../adapters/table-storage/table.ts';
import { TableAccountPauses } from '../adapters/table-storage/table-account-pauses.ts';
import { makeTableClient } from '../adapters/table-storage/table-client.ts';
import { TableMailboxRegistry } from '../adapters/table-storage/table-mailbox-registry.ts';
import { TablePauses } from '../adapters/table-storage/table-pauses.ts';
import { TableProofs } from '../adapters/table-storage/table-proofs.ts';
import { TableRefusedAttempts } from '../adapters/table-storage/table-refused-attempts.ts';
import { TableStatusLog } from '../adapters/table-storage/table-status-log.ts';
import { TableSuppressions } from '../adapters/table-storage/table-suppressions.ts';
import { TableTenantCounter } from '../adapters/table-storage/table-tenant-counter.ts';
import { TableUsageCounters } from '../adapters/table-storage/table-usage-counters.ts';
import { traceparentOfInvocation, writeLine } from '../adapters/telemetry/current-invocation.ts';
import { LogTelemetry } from '../adapters/telemetry/log-telemetry.ts';
import { heapMegabytesFor, THREADS, ThreadMailWork } from '../adapters/threads/thread-mail-work.ts';
import type { Callers } from '../ports/callers.ts';
import type { Chance, Clock } from '../ports/clock.ts';
import type { Settlement } from '../ports/settlement.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type Config, readConfig } from '../settings/config.ts';
import { ConfigError } from '../settings/setting-problem.ts';
import { AskedMailboxes } from '../usecases/accept/asked-mailboxes.ts';
import { Authorization } from '../usecases/accept/authorization.ts';
import { awaitDraft } from '../usecases/accept/await-draft.ts';
import { CallerLimits } from '../usecases/accept/caller-limits.ts';
import { checkTarget, madeDraft } from '../usecases/accept/check-target.ts';
import { CurrentPolicy } from '../usecases/accept/current-policy.ts';
import type { EnqueueCommand } from '../usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../usecases/accept/enqueue-send-request.ts';
import { isReadable, preflight } from '../usecases/accept/preflight.ts';
import { Actions } from '../usecases/act/actions.ts';
import { operatorActions } from '../usecases/act/operators.ts';
import type { Context } from '../usecases/context.ts';
import type { EventsContext } from '../usecases/events/publish-mailbox.ts';
import { listLimits } from '../usecases/limits/show-limits.ts';
import type { Activity } from '../usecases/log/activity.ts';
import { VERSION } from '../version.ts';
import { composeEvents } from './compose-events.ts';
import { composeLists } from './compose-lists.ts';
import { processMemory } from './process-memory.ts';

export { duringInvocation } from '../adapters/telemetry/current-invocation.ts';

export interface Services extends Context {
  config: Config;
  context: Context;
  http: HttpDependencies;
  /** Deletes old rows of the status log. */
  purge: () => Promise<void>;
  activity: Activity;
  /** Absent: there are no events. */
  events: EventsContext | undefined;
  /** Bytes of mail that are submitted at a time. */
  submissionBudget: ByteBudget;
  /** Absent: the host ends deliveries by itself, and a session is free after the idle time-out. */
  settlement: Settlement | undefined;
  /** What the host requires of callers. If CALLER_AUTH is function-key: a key, and the master key for operators. Otherwise nothing. */
  authLevels: Record<Access, 'anonymous' | 'function' | 'admin'>;
}

const clock: Clock = { now: () => Date.now() };
const chance: Chance = { number: () => Math.random(), bytes: (length) => randomBytes(length) };

const KEY_LEVELS = { callers: 'function', operators: 'admin' } as const;

function callersOf({ callerAuth, entra }: Config): Callers {
  if (callerAuth === 'entra') return new EntraCallers({ ...entra, clock });
  return callerAuth === 'function-key' ? functionKeyCallers : anonymousCallers;
}

function policyOf({ senderPolicy }: Config, blobs: OpenBlobService, telemetry: Telemetry): CurrentPolicy | undefined {
  if (!senderPolicy) return undefined;
  const source = 'file' in senderPolicy ? new FilePolicySource(senderPolicy.file) : new BlobPolicySource(blobs, senderPolicy.blob);
  return new CurrentPolicy({ source, clock, telemetry });
}

/** A process that no host has started cannot be told if the host is; in Azure each one is. */
function settlementOf({ releaseSessions }: Config, telemetry: Telemetry): Settlement | undefined {
  const url = hostServiceUrl(process.argv.slice(2));
  return releaseSessions && url !== undefined ? new HostSettlement({ url, clock, telemetry }) : undefined;
}

function assemble(config: Config): Services {
  const { serviceBus, storage } = config;
  const blobs = makeBlobService(signedIn(storage));
  const telemetry = new LogTelemetry(writeLine, config.telemetryHashKey);
  const table = new Table(makeTableClient(signedIn(storage)));
  const events = composeEvents(config.events, { table, clock, telemetry });
  const policy = policyOf(config, blobs, telemetry);
  const graphOptions = { baseUrl: config.graphBaseUrl, makeCredential: () => graphCredential(config.graphClientId), clock };
  const mailWork = new ThreadMailWork({
    script: fileURLToPath(new URL('./mail-thread.cjs', import.meta.url)),
    ...THREADS,
    heapMegabytes: heapMegabytesFor(config.maximumMessageSizeBytes),
  });
  const registry = new TableMailboxRegistry(table, clock);
  const suppressions = new TableSuppressions(table, clock);
  const lists = composeLists(config, { table, clock, telemetry, registry, suppressions });
  const context: Context = {
    clock,
    chance,
    queue: new ServiceBusQueue({ connection: signedIn(serviceBus), queue: config.queueName, clock }),
    contents: new BlobContentStore(blobs),
    log: new TableStatusLog(table, { clock, telling: events?.telling, written: (change) => lists.activity.note(change) }),
    registry,
    proofs: new TableProofs(table, clock),
    graph: new GraphMailClient(graphOptions),
    messageTrace: new MessageTraceClient(graphOptions),
    telemetry,
    mailWork,
    accountPauses: new TableAccountPauses(table, clock),
    pauses: new TablePauses(table, clock),
    suppressions,
    refusedAttempts: new TableRefusedAttempts(table, clock, config.retryAttemptWindowMs),
    tenantCounter: new TableTenantCounter(table),
    policy,
    ...processMemory(),
    rules: config,
  };
  const authorization = new Authorization({
    callers: callersOf(config),
    policy,
    limits: new CallerLimits(new TableUsageCounters(table, clock, randomUUID()), clock),
    telemetry,
  });
  const asked = new AskedMailboxes(clock, (mailbox) => isReadable(context, mailbox));
  const actions = new Actions(context, lists.list);
  return {
    ...context,
    config,
    context,
    http: {
      clock,
      newId: randomUUID,
      authorization,
      limits: config,
      permits: new Permits(PERMITS, new ByteBudget(config.mailBudgetBytes)),
      decode: (order) => mailWork.decode(order),
      sendLifetimeMs: config.sendLifetimeMs,
      version: VERSION,
      console: makeConsole(config, VERSION, new ConsoleFolder(fileURLToPath(new URL('../console', import.meta.url)))),
      log: context.log,
      ...lists.http,
      readiness: [
        { name: 'queue', check: () => context.queue.check() },
        { name: 'statusLog', check: () => context.log.check() },
        { name: 'contentStore', check: () => context.contents.check() },
        { name: 'senderPolicy', check: () => authorization.check() },
      ],
      events: events?.context.topic,
      enqueue: (command) => enqueueSendRequest(context, traced(command)),
      refusedBodies: new RefusedBodies(),
      rememberRefused: (attempt) => context.refusedAttempts.remember(attempt),
      checkTarget: (mailbox, application, id) => checkTarget(context, mailbox, application, id),
      madeDraft: (mailbox, id) => madeDraft(context, mailbox, id),
      awaitDraft: (mailbox, id, waitMs) => awaitDraft(context, mailbox, id, waitMs, (ms) => pause(ms)),
      preflight: (caller, name, mail) => preflight({ context, authorization, limits: config, asked }, caller, name, mail),
      cancel: (caller, named, reason) => actions.cancel(caller, named, reason),
      resend: (caller, named, order, admit) => actions.resend(caller, named, order, admit),
      actByFilter: (caller, order) => actions.byFilter(caller, order),
      listLimits: (query) => listLimits(context, lists.list, query),
      ...operatorActions(context),
    },
    activity: lists.activity,
    purge: lists.purge,
    events: events?.context,
    submissionBudget: new ByteBudget(config.mailBudgetBytes),
    settlement: settlementOf(config, telemetry),
    authLevels: {
      anonymous: 'anonymous',
      ...(config.callerAuth === 'function-key' ? KEY_LEVELS : { callers: 'anonymous', operators: 'anonymous' }),
    },
  };
}

/** The mail goes on with the trace of the invocation that took it, which is the caller's own if it has one. */
const traced = (command: EnqueueCommand): EnqueueCommand => {
  const traceparent = traceparentOfInvocation() ?? command.traceparent;
  return traceparent === undefined ? command : { ...command, traceparent };
};

/**
 * What the first mail needs and the start of the app does not. It is loaded while the host goes on with its start, so that no mail waits for it;
 * if that fails, the first use says why.
 */
export async function loadClients(): Promise<void> {
  await Promise.allSettled([
    import('../adapters/graph/identity-sdk.ts'),
    import('../adapters/table-storage/table-sdk.ts'),
    import('../adapters/service-bus/service-bus-sdk.ts'),
  ]);
}

let assembled: Services | undefined;

/** Made once per process. Throws ConfigError with every problem of the settings. */
export function services(): Services {
  assembled ??= assemble(readConfig());
  return assembled;
}

/** Why `services()` throws in this process, as the HTTP API answers it; undefined if it does not throw. */
export function startFault(): NotStartedDependencies | undefined {
  try {
    services();
    return undefined;
  } catch (error) {
    const known = error instanceof ConfigError;
    const forTheLog = known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { clock, newId: randomUUID, settings: known ? error.settings : [], forTheLog };
  }
}
