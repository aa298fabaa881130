// The times and rules of every run.
import type { Rules } from '../../../shared/domain/rules.ts';
import { RULES as DEFAULT_RULES } from '../../fakes/rules.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const START = Date.UTC(2026, 0, 15, 8, 0, 0);
/** From then on nothing goes wrong any more. */
export const HEALED = 45 * MINUTE;
/** By then everything must have ended. */
export const END = 6 * HOUR;

export const RULES: Rules = {
  ...DEFAULT_RULES,
  retry: { ...DEFAULT_RULES.retry, maximumIntervalMs: 10 * MINUTE },
  sendLifetimeMs: 90 * MINUTE,
  reportWindowMs: HOUR,
};
