// An append-only journal in a file: one line per operation, so that a killed process loses none it has answered.
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Journal, JournalRecord } from '../core/journal.ts';
import { Restoration } from '../core/restoration.ts';
import { recordFromJson, recordToJson } from './record-json.ts';

const COMPACT_FROM_BYTES = 64 * 1024 * 1024;
const COMPACT_GROWTH = 4;

export class FileJournal implements Journal {
  readonly #path: string;
  readonly #compactFrom: number;
  #file: number;
  #pending: JournalRecord[] = [];
  #size = 0;
  #compactAt = 0;

  constructor(path: string, compactFrom = COMPACT_FROM_BYTES) {
    this.#path = path;
    this.#compactFrom = compactFrom;
    this.#file = this.#compact();
  }

  records(): JournalRecord[] {
    return readJournal(this.#path);
  }

  write(record: JournalRecord): void {
    this.#pending.push(record);
  }

  /** Written, not synced: it outlives the process, which is what tests kill, not the machine. */
  commit(): void {
    if (this.#pending.length === 0) return;
    const line = toLine(this.#pending);
    this.#pending = [];
    appendFileSync(this.#file, line);
    this.#size += line.length;
    if (this.#size < this.#compactAt) return;
    closeSync(this.#file);
    this.#file = this.#compact();
  }

  close(): void {
    closeSync(this.#file);
  }

  #compact(): number {
    const lines = [...new Restoration(this.records()).records()].map((record) => toLine([record])).join('');
    writeFileSync(`${this.#path}.new`, lines);
    renameSync(`${this.#path}.new`, this.#path);
    this.#size = lines.length;
    this.#compactAt = Math.max(this.#compactFrom, this.#size * COMPACT_GROWTH);
    return openSync(this.#path, 'a');
  }
}

function toLine(records: readonly JournalRecord[]): string {
  return `${JSON.stringify(records.map(recordToJson))}\n`;
}

/** A last line without its end was cut off by a kill: its operation was never answered, so it never was. */
function readJournal(path: string): JournalRecord[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop();
  return lines.flatMap((line) => (JSON.parse(line) as unknown[]).map(recordFromJson));
}
