// Runs the checks in their order; what depends on a failed one is skipped.
import type { Check, Result, Visit } from './check.ts';

export interface Finding extends Result {
  name: string;
}

export async function runChecks(checks: readonly Check[], visit: Visit, tell: (finding: Finding) => void): Promise<Finding[]> {
  const findings: Finding[] = [];
  const isBroken = (name: string) => findings.some((one) => one.name === name && ['failed', 'skipped'].includes(one.verdict));
  for (const { name, needs, run } of checks) {
    const missing = needs.find(isBroken);
    const result: Result =
      missing === undefined
        ? await run(visit).catch((error: unknown) => ({ verdict: 'failed', detail: (error as Error).message }) as const)
        : { verdict: 'skipped', detail: `not checked: ${missing}` };
    const finding = { name, ...result };
    findings.push(finding);
    tell(finding);
  }
  return findings;
}
