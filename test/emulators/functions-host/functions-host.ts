// Puts the host together: worker, function table, HTTP server, timers, Service Bus pumps; and takes it down again.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createFunctionTable, type TimerFunction } from './function-table.ts';
import { readHostJson } from './host-json.ts';
import { createAdminApi } from './http/admin.ts';
import { defaultBodyLimit } from './http/body.ts';
import type { FunctionKeys } from './http/keys.ts';
import { createRouter } from './http/router.ts';
import { createHttpServer, type HttpServerOptions } from './http/server.ts';
import { createInvoker } from './invoker.ts';
import { createPumps, createTimers } from './listeners.ts';
import { createLog, type LogEntry } from './log.ts';
import { setNoDelayOnConnect } from './no-delay.ts';
import { RunningMessages, startHostService } from './service-bus/settlement-service.ts';
import { type Settings, withDefaults } from './settings.ts';
import type { ScheduleStatus } from './timer/timer-listener.ts';
import { workerFile } from './worker-bundle.ts';
import { WorkerSupervisor } from './worker-supervisor.ts';

export interface FunctionsHostOptions {
  bundle: string;
  hostJson: string;
  settings: Settings;
  /** 0: any free one. */
  port?: number;
  functionKeys?: FunctionKeys;
  control?: boolean;
  nodePath?: string;
  logFile?: string;
  writeLog?: (line: string) => void;
  onLog?: (entry: LogEntry) => void;
  onWorkerRestart?: (pid: number) => void;
  /** The host has ended by itself, since its worker crashed again and again; Azure starts a new one. */
  onEnd?: () => void;
  /** Stored status of timers, by function name. */
  scheduleStatus?: Record<string, ScheduleStatus>;
  /** False: the Service Bus extension of an older host, which has no settlement service. */
  settlement?: boolean;
}

export interface FunctionsHost {
  url: string;
  functions: { name: string; type: string; route?: string }[];
  workerPid(): number;
  killWorker(): void;
  /** Runs a timer function now and waits for it. */
  invokeTimer(name: string): Promise<void>;
  close(): Promise<void>;
}

const drainTime = 10_000;

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, reject) => {
    server.once('error', reject);
    // This machine only: the admin API is open, and so are functions without keys.
    server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
}

export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  setNoDelayOnConnect();
  const hostJson = readHostJson(options.hostJson);
  const log = createLog({
    levels: hostJson.logLevels,
    ...(options.logFile === undefined ? {} : { file: options.logFile }),
    ...(options.writeLog === undefined ? {} : { write: options.writeLog }),
    ...(options.onLog === undefined ? {} : { onEntry: options.onLog }),
  });
  let served: HttpServerOptions | undefined;
  const server = createHttpServer(() => served);
  const port = await listen(server, options.port ?? 7071);
  const settings = withDefaults(options.settings, port);
  const messages = new RunningMessages();
  const service = await startHostService(options.settlement === false ? undefined : messages);
  const worker = new WorkerSupervisor(
    {
      workerFile: await workerFile(),
      bundle: resolve(options.bundle),
      settings,
      nodePath: options.nodePath ?? process.execPath,
      serviceUrl: service.url,
      log,
    },
    (pid) => options.onWorkerRestart?.(pid),
    () => void end().then(() => options.onEnd?.()),
  );
  const app = await worker.start().catch(async (error) => {
    server.close();
    await worker.stop();
    service.close();
    log.close();
    throw error;
  });

  const table = createFunctionTable(app.functions, settings);
  const http = table.functions.filter((target) => target.type === 'httpTrigger');
  const router = createRouter(http, hostJson.routePrefix);
  const invoker = createInvoker(worker, log, hostJson.functionTimeout);
  for (const { name, message } of [...table.errors, ...router.errors]) log.host('error', `The '${name}' function is in error: ${message}`);
  const timers = createTimers(table.functions, invoker, options.scheduleStatus ?? {}, settings, log);
  const broken = new Set(router.errors.map(({ name }) => name));
  const pumps = await createPumps(table.functions, { settings, options: hostJson.serviceBus, invoker, log, messages });
  const functions = table.functions
    .filter(({ name, type }) => !broken.has(name) && (type === 'httpTrigger' || timers.has(name) || pumps.has(name)))
    .map((target) => ({ name: target.name, type: target.type, ...(target.type === 'httpTrigger' ? { route: target.route } : {}) }));

  const runTimer = (target: TimerFunction) =>
    invoker.invoke(target, {
      data: timers.get(target.name)!.timerInfo(),
      reason: 'This function was programmatically called via the host APIs.',
    });
  const find = (name: string) =>
    table.functions.find((target) => target.name.toLowerCase() === name.toLowerCase() && !broken.has(target.name));
  const admin = createAdminApi({
    functions,
    runNow(name) {
      const target = find(name);
      if (target?.type !== 'timerTrigger' || !timers.has(target.name)) return target ? false : undefined;
      void runTimer(target).catch(() => {});
      return true;
    },
    killWorker: options.control ? () => worker.kill() : undefined,
  });
  const bodyLimit = Number(settings['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']) || defaultBodyLimit;
  served = { router, invoker, worker, admin, keys: options.functionKeys, bodyLimit };
  for (const timer of timers.values()) timer.start();
  log.host('information', `listening on port ${port}; host process ${process.pid}, worker process ${worker.pid}`);

  /** Drain mode: nothing new is taken, what runs may finish. */
  async function close(): Promise<void> {
    for (const timer of timers.values()) timer.stop();
    const closed = new Promise((done) => server.close(done));
    server.closeIdleConnections();
    await Promise.all([invoker.idle(drainTime), ...[...pumps.values()].map((pump) => pump.stop(drainTime))]);
    server.closeIdleConnections();
    await worker.stop();
    server.closeAllConnections();
    service.close();
    await closed;
    log.close();
  }

  let closing: Promise<void> | undefined;
  const end = (): Promise<void> => (closing ??= close());
  return {
    url: `http://localhost:${port}`,
    functions,
    workerPid: () => worker.pid,
    killWorker: () => worker.kill(),
    async invokeTimer(name) {
      const target = find(name);
      if (target?.type !== 'timerTrigger') throw new Error(`no timer function '${name}'`);
      await runTimer(target);
    },
    close: end,
  };
}
