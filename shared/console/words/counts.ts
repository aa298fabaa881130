// How many recipients have which outcome, in words.

const OUTCOMES: readonly (readonly [string, string])[] = [
  ['failed', 'failed'],
  ['delayed', 'delayed'],
  ['quarantined', 'in quarantine'],
  ['filteredAsSpam', 'filtered as spam'],
  ['delivered', 'delivered'],
  ['relayed', 'relayed'],
  ['expanded', 'to a list'],
  ['read', 'read'],
];

/** `3: 1 failed, 2 delivered` */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  const total = counts['total'];
  if (total === undefined) return '–';
  const parts = OUTCOMES.flatMap(([name, words]) => (counts[name] ? [`${counts[name]} ${words}`] : []));
  return parts.length === 0 ? String(total) : `${total}: ${parts.join(', ')}`;
}
