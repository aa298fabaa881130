// What is wrong with one setting, apart from the others; and the error that lists all wrong settings.
import { durationMs } from './domain/duration.ts';
import { parseNcrontab } from './domain/reconcile/ncrontab.ts';
import type { Setting } from './setting.ts';

export interface SettingProblem {
  /** Name of the setting. */
  setting: string;
  /** A sentence that begins with that name. It may hold the setting's value: it is for the log, and not for callers. */
  problem: string;
}

export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];
  /** Names of the wrong settings. */
  readonly settings: readonly string[];
  constructor(found: readonly SettingProblem[]) {
    super(`${found.length} problem(s) in the application settings:\n${found.map(({ problem }) => `  - ${problem}`).join('\n')}`);
    this.problems = found.map(({ problem }) => problem);
    this.settings = [...new Set(found.map(({ setting }) => setting))];
  }
}

/** Throws Error with what is wrong. */
export function numberOf(setting: Setting, text: string): number {
  if (setting.kind === 'duration') return durationMs(text);
  const pattern = setting.kind === 'decimal' ? /^\d+(\.\d+)?$/ : /^\d+$/;
  if (!pattern.test(text)) throw new Error(setting.kind === 'decimal' ? 'is not a number' : 'is not a whole number');
  return Number(text);
}

/**
 * The text of a reference that could not be resolved arrives as it was written:
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 * https://learn.microsoft.com/azure/app-service/app-service-configuration-references
 */
export const isUnresolved = (text: string): boolean => /^@Microsoft\.(KeyVault|AppConfiguration)\(/i.test(text.trim());

export const UNRESOLVED =
  'a Key Vault or App Configuration reference that was not resolved: give the identity of the app its role there (Key Vault Secrets User, App Configuration Data Reader), check the secret, and restart the app';

/** What is wrong with a setting by itself; undefined if nothing is. */
export function problemOf(setting: Setting, text: string): string | undefined {
  const { kind } = setting;
  if (isUnresolved(text)) return UNRESOLVED;
  if (Array.isArray(kind)) return kind.includes(text) ? undefined : `must be one of ${kind.join(', ')}`;
  if (kind === 'boolean') return text === 'true' || text === 'false' ? undefined : 'must be true or false';
  if (kind === 'url') return /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text) ? undefined : 'must be an http or https URL';
  if (kind === 'ncrontab') return parseNcrontab(text) ? undefined : 'must have six fields: second, minute, hour, day, month, day of week';
  if (kind === 'text') return undefined;
  try {
    const value = numberOf(setting, text);
    if (setting.minimum !== undefined && value < setting.minimum)
      return `must be at least ${setting.minimum}${kind === 'duration' ? ' ms' : ''}`;
    if (setting.maximum !== undefined && value > setting.maximum) return `must be at most ${setting.maximum}`;
    return undefined;
  } catch (error) {
    return kind === 'duration' ? `is not an ISO 8601 duration (${(error as Error).message})` : (error as Error).message;
  }
}
