// What is wrong with one setting, apart from the others; and the error that lists all wrong settings.
import { z } from 'zod';
import { durationMs } from '../domain/duration.ts';
import { parseNcrontab } from '../domain/reconcile/ncrontab.ts';
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

/**
 * The text of a reference that could not be resolved arrives as it was written:
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 * https://learn.microsoft.com/azure/app-service/app-service-configuration-references
 */
export const isUnresolved = (text: string): boolean => /^@Microsoft\.(KeyVault|AppConfiguration)\(/i.test(text.trim());

export const UNRESOLVED =
  'a Key Vault or App Configuration reference that was not resolved: give the identity of the app its role there (Key Vault Secrets User, App Configuration Data Reader), check the secret, and restart the app';

const duration = z.string().transform((text, issues) => {
  try {
    return durationMs(text);
  } catch (error) {
    issues.addIssue(`is not an ISO 8601 duration (${(error as Error).message})`);
    return z.NEVER;
  }
});

function within(number: z.ZodType<number, string>, { kind, minimum, maximum }: Setting): z.ZodType<number, string> {
  const least =
    minimum === undefined ? z.number() : z.number().min(minimum, `must be at least ${minimum}${kind === 'duration' ? ' ms' : ''}`);
  return number.pipe(maximum === undefined ? least : least.max(maximum, `must be at most ${maximum}`));
}

const digits = (pattern: RegExp, problem: string) => z.string().regex(pattern, problem).transform(Number);

/** How the text of a setting is read. Durations become milliseconds. */
export function schemaOf(setting: Setting): z.ZodType<string | number, string> {
  switch (setting.kind) {
    case 'text':
      return z.string();
    case 'boolean':
      return z.enum(['true', 'false'], 'must be true or false');
    case 'url':
      return z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
    case 'ncrontab':
      return z.string().refine(parseNcrontab, 'must have six fields: second, minute, hour, day, month, day of week');
    case 'duration':
      return within(duration, setting);
    case 'decimal':
      return within(digits(/^\d+(\.\d+)?$/, 'is not a number'), setting);
    case 'integer':
    case 'bytes':
      return within(digits(/^\d+$/, 'is not a whole number'), setting);
    default:
      return z.enum([...setting.kind], `must be one of ${setting.kind.join(', ')}`);
  }
}

/** What is wrong with a setting by itself; undefined if nothing is. */
export const problemOf = (setting: Setting, text: string): string | undefined =>
  isUnresolved(text) ? UNRESOLVED : schemaOf(setting).safeParse(text).error?.issues[0]?.message;
