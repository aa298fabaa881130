// Tells open pages that something has changed: server-sent events. A stream ends with the page, or with the server.
import type { ServerResponse } from 'node:http';
import type { EmulatorState } from '../state.ts';

const INTERVAL = 200;
/** A page has one; whoever opens more than this has forgotten to close them. */
const MAXIMUM_STREAMS = 100;
const streams = new WeakMap<EmulatorState, number>();

/** Another text after any change that the viewer shows. */
function fingerprint(state: EmulatorState): string {
  const mailboxes = state.directory.list();
  const changes = mailboxes.reduce((sum, { version }) => sum + version, 0);
  const faults = state.faults.list();
  const fired = faults.map(({ id, fired: times }) => `${id} ${times}`).join();
  const pending = state.stages.pending();
  const stages = [pending.length, pending.at(-1)?.number, pending.filter(({ held }) => held).length, JSON.stringify(state.stages.holds())];
  const states = mailboxes.map((mailbox) => mailbox.state).join();
  return [mailboxes.length, changes, state.journal.list().length, ...stages, fired, states, state.mailLink?.url].join('|');
}

/** Compares five times a second, only while somebody looks. */
export function streamChanges(state: EmulatorState, response: ServerResponse): void {
  const others = streams.get(state) ?? 0;
  if (others >= MAXIMUM_STREAMS) {
    response.writeHead(503, { 'Retry-After': '5', 'Content-Type': 'text/plain' }).end('Too many pages are open.');
    return;
  }
  streams.set(state, others + 1);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  let last = '';
  let number = 0;
  const tell = () => {
    const current = fingerprint(state);
    if (current === last) return;
    last = current;
    response.write(`data: ${++number}\n\n`);
  };
  const timer = setInterval(tell, INTERVAL);
  timer.unref();
  response.once('close', () => {
    streams.set(state, (streams.get(state) ?? 1) - 1);
    clearInterval(timer);
  });
  tell();
}
