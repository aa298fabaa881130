// What belongs to one process, of a process that has just started: it remembers nothing, and does its work in its own thread.
import { processMemory } from '../../shared/composition/process-memory.ts';
import { InFlight } from '../../shared/usecases/accept/in-flight.ts';
import { inProcessMailWork } from './in-process-mail-work.ts';

export const newProcess = () => ({
  ...processMemory(),
  mailWork: inProcessMailWork,
  // No test waits for a real time.
  inFlight: new InFlight(() => new Promise(() => undefined)),
});
