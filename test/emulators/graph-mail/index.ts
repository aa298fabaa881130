// Starts a Graph mail emulator in this process.

import type { EmulatorClock } from './clock.ts';
import { type Control, createControl } from './control/control.ts';
import { listen } from './http/server.ts';
import { CONSOLE_CLIENT_ID } from './identity/applications.ts';
import { tenantId } from './identity/tokens.ts';
import { exchangeLimits, type StageName, type Switches, stageNames } from './options.ts';
import { createState } from './state.ts';

export { createClock, type EmulatorClock } from './clock.ts';
export type { Control } from './control/control.ts';
export type { Switches } from './options.ts';
export type { TransportRecord } from './transport/journal.ts';

export interface GraphMailEmulatorOptions {
  /** 0, the default: any free port. */
  port?: number;
  /** An address to listen at; by default this machine only. */
  host?: string;
  /** Whether the control API can be reached over HTTP. */
  control?: boolean;
  clock?: EmulatorClock;
  /** Milliseconds before each stage of the transport. */
  stageDelay?: number;
  /** Exchange Online's sending limits: 30 mails a minute and 10,000 recipients a day of a mailbox, 10,000 external ones of the tenant. */
  limits?: boolean;
  switches?: Partial<Switches>;
}

export interface GraphMailEmulator {
  readonly url: string;
  readonly port: number;
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  readonly tenantId: string;
  /** The application to whose console people sign in. */
  readonly consoleClientId: string;
  readonly authorityHost: string;
  readonly controlUrl: string | null;
  readonly control: Control;
  close(): Promise<void>;
}

export async function startGraphMailEmulator(options: GraphMailEmulatorOptions = {}): Promise<GraphMailEmulator> {
  const { stageDelay } = options;
  const stageDelays =
    stageDelay === undefined
      ? {}
      : { stageDelays: Object.fromEntries(stageNames.map((stage) => [stage, stageDelay])) as Record<StageName, number> };
  const state = await createState({ ...stageDelays, ...(options.limits && exchangeLimits), ...options.switches }, options.clock);
  const controlled = options.control === true;
  state.url = 'http://localhost';
  const running = await listen(state, options.port ?? 0, options.host ?? '127.0.0.1', controlled);
  state.url = `http://localhost:${running.port}`;
  return {
    url: state.url,
    port: running.port,
    identityEndpoint: `${state.url}/msi/token`,
    identityHeader: 'graph-mail-emulator',
    tenantId,
    consoleClientId: CONSOLE_CLIENT_ID,
    authorityHost: state.url,
    controlUrl: controlled ? `${state.url}/control` : null,
    control: createControl(state),
    async close() {
      state.stages.reset();
      state.clock.stop();
      await running.close();
    },
  };
}
