// Damaged mails: bytes flipped, ends cut off, headers shuffled. Each is read without an exception.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import { CORPUS_IS_HERE, labelledMails, rawMail } from './corpus.ts';
import { bytes, dsn, mdn } from './mails.ts';
import { TEXT_BOUNCES } from './text-bounces.ts';

const SEED = 4711;
const KINDS = ['ndr', 'delay', 'delivered', 'relayed', 'expanded', 'mdn', 'none'];

const OWN: Array<[string, Uint8Array]> = [
  ['a status part', dsn('Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822;bob@example.com\nAction: failed\nStatus: 5.1.1\n')],
  ['a disposition part', mdn('Final-Recipient: rfc822;bob@example.com\nDisposition: manual-action/MDN-sent-manually; displayed\n')],
  ...TEXT_BOUNCES.map(({ name, mail }): [string, Uint8Array] => [name, bytes(mail)]),
];

type Damage = { flips: Array<[number, number]>; keep: number; shuffle: number[] };

const DAMAGE: fc.Arbitrary<Damage> = fc.record({
  flips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 40 }),
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  shuffle: fc.array(fc.nat(), { maxLength: 60 }),
});

function damaged(raw: Uint8Array, { flips, keep, shuffle }: Damage): Uint8Array {
  const result = shuffledHeaders(raw, shuffle).slice(0, Math.ceil(raw.length * keep));
  for (const [position, mask] of flips) if (result.length > 0) result[position % result.length]! ^= mask;
  return result;
}

function shuffledHeaders(raw: Uint8Array, order: readonly number[]): Uint8Array {
  const text = Buffer.from(raw).toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const lines = text.slice(0, end).split('\n');
  for (const [to, from] of order.entries()) lines.splice(to % lines.length, 0, ...lines.splice(from % lines.length, 1));
  return Buffer.from(lines.join('\n') + text.slice(end), 'latin1');
}

async function survives(raw: Uint8Array, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(DAMAGE, async (damage) => {
      const report = await parseReport(damaged(raw, damage));
      expect(KINDS).toContain(report.kind);
      for (const recipient of report.recipients) expect(recipient.address).not.toBe('');
    }),
    { seed: SEED, numRuns: runs },
  );
}

test.each(OWN)('%s, damaged', async (_, raw) => survives(raw, 50));

test('any bytes at all', async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (raw) => {
    expect(KINDS).toContain((await parseReport(raw)).kind);
  });
  await fc.assert(property, { seed: SEED, numRuns: 500 });
});

test.skipIf(!CORPUS_IS_HERE)('every labelled real mail, damaged (skipped where the folder with them is absent)', async () => {
  for (const { file } of labelledMails()) await survives(rawMail(file), 4);
});
