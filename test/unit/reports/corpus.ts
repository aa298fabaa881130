// The labelled real mails, where they are: read from beside the project, never part of it.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(process.cwd(), '../shared/data/reports');

export type ExpectedRecipient = {
  recipient: string;
  recipient_alt?: string[];
  action?: string;
  status?: string;
  status_alt?: string[];
  disposition?: string;
};

export type Labelled = {
  file: string;
  kind: string;
  family: string;
  structure: { dsn_part: boolean };
  expected: { recipients: ExpectedRecipient[]; original_message_id?: string };
};

export const CORPUS_IS_HERE = existsSync(join(FOLDER, 'index.jsonl'));

export function labelledMails(): Labelled[] {
  if (!CORPUS_IS_HERE) return [];
  return readFileSync(join(FOLDER, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export function rawMail(file: string): Uint8Array {
  return readFileSync(join(FOLDER, 'open', file));
}
