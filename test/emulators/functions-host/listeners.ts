// Makes the listeners of timer and Service Bus functions; a function whose listener can't be made is in error and left out.
import type { HostFunction } from './function-table.ts';
import type { Invoker } from './invoker.ts';
import type { Log } from './log.ts';
import type { Pump } from './service-bus/pump.ts';
import type { StartPumpOptions } from './service-bus/start-pump.ts';
import { lookUp, type Settings } from './settings.ts';
import { parseSchedule } from './timer/ncrontab.ts';
import { type ScheduleStatus, TimerListener } from './timer/timer-listener.ts';

export function createTimers(
  functions: HostFunction[],
  invoker: Invoker,
  scheduleStatus: Record<string, ScheduleStatus>,
  settings: Settings,
  log: Log,
): Map<string, TimerListener> {
  // Azure.Identity, with which the host reaches the storage that keeps a schedule's status, takes no other authority.
  const canKeepStatus = !/^http:/i.test(lookUp(settings, 'AZURE_AUTHORITY_HOST') ?? '');
  const timers = new Map<string, TimerListener>();
  for (const target of functions) {
    if (target.type !== 'timerTrigger') continue;
    try {
      const schedule = parseSchedule(target.schedule);
      if (target.useMonitor && !schedule.belowAMinute && !canKeepStatus)
        throw new Error(
          'Authority host must be a TLS protected (https) endpoint (AZURE_AUTHORITY_HOST): the schedule cannot be monitored.',
        );
      const invoke = (data: Parameters<Invoker['invoke']>[1]['data'], reason: string) => invoker.invoke(target, { data, reason });
      timers.set(target.name, new TimerListener({ target, schedule, invoke, status: scheduleStatus[target.name] }));
    } catch (error) {
      log.host('error', `The '${target.name}' function is in error: ${(error as Error).message}`);
    }
  }
  return timers;
}

export async function createPumps(functions: HostFunction[], common: Omit<StartPumpOptions, 'target'>): Promise<Map<string, Pump>> {
  const pumps = new Map<string, Pump>();
  for (const target of functions) {
    if (target.type !== 'serviceBusTrigger') continue;
    // Loaded only where a function needs it: the client takes longer to load than all the rest.
    const { startPump } = await import('./service-bus/start-pump.ts');
    try {
      pumps.set(target.name, await startPump({ target, ...common }));
    } catch (error) {
      common.log.host('error', `The '${target.name}' function is in error: ${(error as Error).message}`);
    }
  }
  return pumps;
}
