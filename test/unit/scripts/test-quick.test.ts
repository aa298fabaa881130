// What `npm run test:quick` asks vitest about: also the tests that read a changed file without importing it.
import { expect, test } from 'vitest';
import { relatedTo } from '../../../scripts/test-quick.ts';

test('the architecture test is always among them, and so is what has changed', () => {
  expect(relatedTo([])).toEqual(['test/architecture.test.ts']);
  expect(relatedTo(['shared/version.ts'])).toEqual(expect.arrayContaining(['test/architecture.test.ts', 'shared/version.ts']));
});

test.each([
  ['a query', 'infra/monitoring/queries/unaccounted.kql', 'test/unit/infra/bicep.ts'],
  ['a document with a generated table', 'docs/reference.md', 'scripts/docs-tables.ts'],
  ['a workflow', '.github/workflows/ci.yml', 'test/unit/infra/ci.test.ts'],
  ['a function', 'functions/http.ts', 'test/unit/infra/registered-functions.ts'],
  ['a script that a test starts', 'scripts/report.ts', 'test/unit/reports/report-command.test.ts'],
])('%s brings the test that reads it', (_, changed, reader) => {
  expect(relatedTo([changed])).toContain(reader);
});
