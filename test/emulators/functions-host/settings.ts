// Application settings: local.settings.json under the environment, and the `%NAME%` expressions in bindings.
import { readFileSync } from 'node:fs';

export type Settings = Record<string, string>;

/** The shape of local.settings.json: `{"Values": {"NAME": "text"}}`. */
export function readLocalSettings(file: string): Settings {
  const { Values: values = {} } = JSON.parse(readFileSync(file, 'utf8')) as { Values?: Record<string, unknown> };
  const settings: Settings = {};
  for (const [name, value] of Object.entries(values)) if (value !== null && value !== undefined) settings[name] = String(value);
  return settings;
}

/** What Core Tools adds to the settings of an app that runs on a developer's machine. */
export function withDefaults(settings: Settings, port: number): Settings {
  return {
    FUNCTIONS_WORKER_RUNTIME: 'node',
    FUNCTIONS_EXTENSION_VERSION: '~4',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    WEBSITE_HOSTNAME: `localhost:${port}`,
    ...settings,
  };
}

export function lookUp(settings: Settings, name: string): string | undefined {
  // .NET configuration ignores case, and an environment variable's `__` is its `:`.
  const wanted = name.replaceAll(':', '__').toLowerCase();
  const exact = settings[name];
  if (exact !== undefined) return exact;
  const found = Object.keys(settings).find((candidate) => candidate.toLowerCase() === wanted);
  return found === undefined ? undefined : settings[found];
}

/** Replaces each `%NAME%` by that setting; a missing setting puts the function in error, as in the host. */
export function resolveExpression(text: string, settings: Settings): string {
  return text.replace(/%([^%]+)%/g, (expression, name: string) => {
    const value = lookUp(settings, name);
    if (value === undefined || value === '') throw new Error(`'${expression}' does not resolve to a value.`);
    return value;
  });
}
