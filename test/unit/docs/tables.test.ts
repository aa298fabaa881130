// Documents that repeat a table of the code say the same as the code.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TABLES, withTable } from '../../../scripts/docs-tables.ts';

describe('tables in documents', () => {
  test.each(Object.entries(TABLES))('the table %s is the one in the code (npm run docs)', (name, { document, render }) => {
    const text = readFileSync(new URL(`../../../${document}`, import.meta.url), 'utf8');
    expect(withTable(text, name, render())).toBe(text);
  });
});
