// Everything the emulator holds, in one place, so that a reset is one.
import { createClock, type EmulatorClock } from './clock.ts';
import { createFaults, type Faults } from './faults/registry.ts';
import { createGates, type Gates } from './http/gates.ts';
import { type Applications, createApplications } from './identity/applications.ts';
import { createSignIns, type SignIns } from './identity/sign-in.ts';
import { createTokens, type Tokens } from './identity/tokens.ts';
import { createUploads, type Uploads } from './operations/uploads.ts';
import { defaultSwitches, type Switches } from './options.ts';
import { createStats, type Stats } from './stats.ts';
import { Directory } from './store/directory.ts';
import { createJournal, type Journal } from './transport/journal.ts';
import { createTransport, type Transport } from './transport/pipeline.ts';
import { createSendingLimits, type SendingLimits } from './transport/sending-limits.ts';
import { createStages, type Stages } from './transport/stages.ts';
import type { MailLink } from './viewer/mail-link.ts';

export interface EmulatorState {
  /** Where we listen; the issuer of tokens is made of it. */
  url: string;
  readonly clock: EmulatorClock;
  switches: Switches;
  readonly directory: Directory;
  readonly gates: Gates;
  readonly journal: Journal;
  readonly stages: Stages;
  readonly limits: SendingLimits;
  readonly transport: Transport;
  readonly faults: Faults;
  readonly stats: Stats;
  readonly tokens: Tokens;
  readonly applications: Applications;
  readonly signIns: SignIns;
  readonly uploads: Uploads;
  /** Ids of drafts that were sent, for a second send. */
  readonly sentDrafts: Set<string>;
  /** Where the viewer links to from a mail; a reset keeps it. */
  mailLink: MailLink | null;
  /** Delta tokens of an older generation have expired. */
  deltaGeneration: number;
  reset(): void;
}

export async function createState(initial: Partial<Switches>, clock: EmulatorClock = createClock()): Promise<EmulatorState> {
  const fresh = () => ({ ...defaultSwitches(), ...structuredClone(initial) });
  const switches = () => state.switches;
  const directory = new Directory(switches);
  const journal = createJournal();
  const stages = createStages(clock, switches);
  const limits = createSendingLimits(switches);
  const state: EmulatorState = {
    url: '',
    clock,
    switches: fresh(),
    directory,
    gates: createGates(switches),
    journal,
    stages,
    limits,
    transport: createTransport({ clock, directory, journal, stages, switches, limits }),
    faults: createFaults(),
    stats: createStats(),
    tokens: await createTokens(clock),
    applications: createApplications(),
    signIns: createSignIns(),
    uploads: createUploads(),
    sentDrafts: new Set(),
    mailLink: null,
    deltaGeneration: 149,
    reset() {
      state.stages.reset();
      clock.reset();
      state.switches = fresh();
      state.deltaGeneration++;
      state.sentDrafts.clear();
      for (const part of [
        directory,
        state.gates,
        journal,
        limits,
        state.faults,
        state.stats,
        state.applications,
        state.signIns,
        state.uploads,
      ])
        part.reset();
    },
  };
  return state;
}
