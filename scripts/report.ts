// `npx graph-mail-queue report FILE...`: prints what each mail reports, one JSON line per file.

import { readFile } from 'node:fs/promises';
import { parseReport } from '../shared/domain/reports/parse-report.ts';
import { usageOf } from './commands.ts';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error(usageOf('report'));
  process.exitCode = 2;
}
for (const file of files) {
  const raw = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    console.error(`${file}: cannot be read (${error.code})`);
    process.exitCode = 1;
  });
  if (!raw) continue;
  const { kind, recipients, originalMessageId } = await parseReport(raw);
  console.log(JSON.stringify({ file, kind, recipients, originalMessageId }));
}
