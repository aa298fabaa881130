// Tables and containers that the deployment makes are those that the code uses, and nothing is deleted that may still be needed.
import { expect, it } from 'vitest';
import { CONTAINERS } from '../../../shared/adapters/blob-storage/blob-content-store.ts';
import { POLICY_CONTAINER } from '../../../shared/adapters/blob-storage/blob-policy-source.ts';
import { TABLE_NAME } from '../../../shared/adapters/table-storage/table-client.ts';
import { MAXIMUM_SEND_AHEAD_DAYS } from '../../../shared/domain/submit/queue-message.ts';
import { bicepFile, children, literal, properties, variable } from './bicep.ts';

const strings = (name: string) => children(variable('modules/storage.bicep', name)).map((n) => literal(n) ?? n.text);

it('the status log has its table', () => {
  expect(strings('tables')).toEqual([TABLE_NAME]);
});

it('content, kept content, poison, the sender policy and the package have a container each', () => {
  expect(strings('containers')).toEqual([...Object.values(CONTAINERS), POLICY_CONTAINER, 'deploymentContainer']);
});

it('content, kept content and poison have an end; policy and package have none', () => {
  const deletions = children(variable('modules/storage.bicep', 'deletions')).map(properties);
  expect(deletions.map((d) => literal(d.get('container')))).toEqual(Object.values(CONTAINERS));
});

it('content left behind outlives the lifetime of its request', () => {
  const days = children(variable('modules/storage.bicep', 'deletions')).map((d) => properties(d).get('days')?.text);
  expect(days[0]).toBe('sendLifetimeDays + (retention.?contentMarginDays ?? 60)');
});

it('content outlives the mail that was put off the longest', () => {
  const margin = Number(/contentMarginDays \?\? (\d+)/.exec(bicepFile('modules/storage.bicep').text)?.[1]);
  expect(margin).toBeGreaterThanOrEqual(MAXIMUM_SEND_AHEAD_DAYS + 7);
  expect(bicepFile('types.bicep').text).toMatch(
    new RegExp(`@minValue\\(${MAXIMUM_SEND_AHEAD_DAYS + 7}\\)\\s+@maxValue\\(365\\)\\s+contentMarginDays`),
  );
});

it('poison rests longer than what is kept for a resend', () => {
  const fallback = (name: string) =>
    Number(new RegExp(`retention\\.\\?${name} \\?\\? (\\d+)`).exec(bicepFile('modules/storage.bicep').text)?.[1]);
  expect(fallback('poisonDays')).toBeGreaterThan(fallback('keptContentDays'));
});
