// Starts the Graph mail emulator as a process: flags, ready line, clean stop.
import { parseArgs } from 'node:util';
import { startGraphMailEmulator } from './index.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8025' },
    control: { type: 'boolean', default: false },
    'auto-create-mailboxes': { type: 'boolean', default: false },
    limits: { type: 'boolean', default: false },
    'stage-delay': { type: 'string' },
  },
});

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  process.stderr.write(`graph-mail: --${name} takes a whole number, not "${text}"\n`);
  return process.exit(1);
}

const stageDelay = values['stage-delay'];
const port = wholeNumber('port', values.port);

try {
  const {
    control: _control,
    close,
    port: _port,
    url,
    ...urls
  } = await startGraphMailEmulator({
    port,
    control: values.control,
    limits: values.limits,
    switches: { autoCreateMailboxes: values['auto-create-mailboxes'] },
    ...(stageDelay === undefined ? {} : { stageDelay: wholeNumber('stage-delay', stageDelay) }),
  });
  const stop = () => void close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  process.stdout.write(`${JSON.stringify({ ready: true, url, graphUrl: url, ...urls })}\n`);
} catch (error) {
  const inUse = (error as { code?: string }).code === 'EADDRINUSE';
  process.stderr.write(inUse ? `graph-mail: port ${port} is in use\n` : `graph-mail: ${String(error)}\n`);
  process.exit(1);
}
