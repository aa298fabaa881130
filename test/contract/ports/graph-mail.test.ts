// The graph mail contract against the fake and against the adapter (the Graph mail emulator, over HTTP).
import { GraphMailClient } from '../../../shared/adapters/graph/graph-mail-client.ts';
import { createClock, type GraphMailEmulator, startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';
import { InMemoryGraphMail } from '../../fakes/in-memory-graph-mail.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { describeGraphMail } from './graph-mail.ts';

const MAILBOX = 'sender@contoso.com';

const clock = new ManualClock();
const fake = new InMemoryGraphMail(clock);
describeGraphMail('in memory', {
  mailbox: MAILBOX,
  create: async () => fake,
  dispose: async () => {},
  receive: async (mime, itemClass, folder) => {
    const looksLikeReport = mime.includes('multipart/report');
    const more = { ...(itemClass !== undefined && { itemClass }), ...(folder && { folder: 'elsewhere' as const }) };
    fake.receive(MAILBOX, { mime: Buffer.from(mime), looksLikeReport, ...more });
  },
  settled: async () => {},
  submitted: (messageId) => fake.submissions.filter(({ internetMessageId }) => internetMessageId === messageId).length,
  later: async () => clock.advance(60_000),
  now: () => clock.now(),
});

let emulator: GraphMailEmulator;
const emulatorClock = createClock();
describeGraphMail('Graph', {
  mailbox: MAILBOX,
  create: async () => {
    emulatorClock.freeze();
    emulator = await startGraphMailEmulator({ stageDelay: 0, clock: emulatorClock });
    const getToken = async () => ({ token: await emulator.control.token(), expiresOnTimestamp: Date.now() + 3_600_000 });
    return new GraphMailClient({ baseUrl: emulator.url, makeCredential: () => ({ getToken }), clock: { now: () => Date.now() } });
  },
  dispose: () => emulator.close(),
  receive: async (mime, itemClass, folder) => {
    await emulator.control.incoming({ mailbox: MAILBOX, mime, ...(itemClass !== undefined && { itemClass }), ...(folder && { folder }) });
  },
  settled: async () => {
    // Each stage of the transport waits for the clock.
    for (let stage = 0; stage < 5; stage++) await emulatorClock.advance(1_000);
    await emulator.control.settled();
  },
  submitted: (messageId) => emulator.control.deliveries({ messageId }).length,
  later: () => emulatorClock.advance(60_000),
  now: () => emulatorClock.now(),
});
