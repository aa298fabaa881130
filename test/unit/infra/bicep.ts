// The infrastructure as Azure gets it: the compiled template (ARM JSON), and what Azure's own engine, which is in the compiler, makes of it with given parameters.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe } from 'vitest';
import { bicepProgram } from '../../../scripts/bicep.ts';
import { SHORT_RUNS, snapshotOf, templateOf } from '../../support/bicep-compiler.ts';

export const ROOT = join(import.meta.dirname, '../../..');
export const INFRA = join(ROOT, 'infra');

/** Changes with the files: where tests are watched the compiler of the run outlives a change of them. */
const VERSION = String(
  Math.max(...readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).map((path) => statSync(join(INFRA, path)).mtimeMs)),
);

export const COMPILER = bicepProgram();

/** `describe` for rules that read the compiled template; template.test.ts says in one line why they were skipped. */
export const onTemplate = describe.skipIf(COMPILER === undefined);

export interface Parameter {
  type?: string;
  $ref?: string;
  defaultValue?: unknown;
  allowedValues?: readonly unknown[];
  minLength?: number;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  nullable?: boolean;
  properties?: Record<string, Parameter>;
  metadata?: { description?: string; azd?: unknown };
}

export interface Template {
  parameters?: Record<string, Parameter>;
  definitions?: Record<string, Parameter>;
  variables?: Record<string, unknown>;
  outputs?: Record<string, Parameter>;
  resources: Record<string, Resource>;
  metadata: { name: string };
}

export interface Resource {
  type: string;
  name: string;
  id: string;
  existing?: boolean;
  identity?: { type: string };
  tags?: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of resources are of many kinds, and tests read paths in them.
  properties: any;
}

let template: Template | undefined;

/** The compiled template of infra/main.bicep. */
export function compiled(): Template {
  template ??= templateOf<Template>(INFRA, 'main.bicep', VERSION);
  return template;
}

/** The template and those of its modules, each once. */
export function templates(from: Template = compiled(), found = new Map<string, Template>()): readonly Template[] {
  if (found.has(from.metadata.name)) return [...found.values()];
  found.set(from.metadata.name, from);
  for (const { type, properties } of Object.values(from.resources))
    if (type === 'Microsoft.Resources/deployments') templates(properties.template as Template, found);
  return [...found.values()];
}

/** Resources that are made here, with expressions in place of what depends on parameters. */
export const made = (): Resource[] =>
  templates()
    .flatMap(({ resources }) => Object.values(resources))
    .filter(({ type, existing }) => type !== 'Microsoft.Resources/deployments' && existing !== true);

/** The value at a dotted path. */
export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((object, name) => (object as Record<string, unknown> | undefined)?.[name], value);

/** What is enough for a deployment. */
export const ENOUGH = { name: 'mail', entraAudience: 'api://mail', monitoring: { alertEmails: ['operators@contoso.com'] } };

const text = (value: unknown): string => `json('${JSON.stringify(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')`;

interface Snapshot {
  predictedResources: Resource[];
  outputs: Record<string, unknown>;
}

async function snapshot(parameters: string, template?: string): Promise<Snapshot> {
  const folder = mkdtempSync(join(tmpdir(), 'bicep-'));
  // The compiler takes relative paths only.
  const infra = relative(realpathSync(folder), INFRA).replaceAll('\\', '/');
  if (template !== undefined) writeFileSync(join(folder, 'test.bicep'), template.replace("'names.bicep'", `'${infra}/names.bicep'`));
  writeFileSync(join(folder, 'test.bicepparam'), parameters.replace("'main.bicep'", `'${infra}/main.bicep'`));
  try {
    return await snapshotOf<Snapshot>(join(folder, 'test.bicepparam'), JSON.stringify([VERSION, parameters, template]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const known = new Map<string, Promise<Resource[]>>();

/** Resources that a deployment with these parameters makes. Rejects with Azure's words if the template refuses them. */
export function deployed(parameters: Record<string, unknown> = ENOUGH): Promise<Resource[]> {
  const lines = ["using 'main.bicep'", ...Object.entries(parameters).map(([name, value]) => `param ${name} = ${text(value)}`)];
  const key = lines.join('\n');
  const resources = known.get(key) ?? snapshot(key).then(({ predictedResources }) => predictedResources);
  known.set(key, resources);
  return resources;
}

/** The values of infra/main.bicepparam with these variables in the environment: how azd compiles it (cli/azd/pkg/infra/provisioning/bicep/bicep_provider.go, compileBicep). */
export function azdParameters(environment: Record<string, string>): Record<string, unknown> {
  const args = ['build-params', 'main.bicepparam', '--stdout', '--no-restore'];
  const options = {
    cwd: INFRA,
    env: { ...process.env, ...SHORT_RUNS, ...environment },
    maxBuffer: 64 * 1024 * 1024,
    encoding: 'utf8',
  } as const;
  const { parameters } = JSON.parse(JSON.parse(execFileSync(COMPILER as string, args, options)).parametersJson);
  return Object.fromEntries(Object.entries(parameters as Record<string, { value: unknown }>).map(([name, { value }]) => [name, value]));
}

/** What infra/names.bicep makes of each of these names. */
export async function safeNames(names: readonly string[]): Promise<string[]> {
  const template = "import { safeName } from 'names.bicep'\nparam names array\noutput safe array = map(names, name => safeName(name))\n";
  const { outputs } = await snapshot(`using 'test.bicep'\nparam names = ${text(names)}\n`, template);
  return outputs['safe'] as string[];
}

export const ofType = (resources: readonly Resource[], type: string): Resource[] => resources.filter((resource) => resource.type === type);

export function one(resources: readonly Resource[], type: string): Resource {
  const [found, more] = ofType(resources, type);
  if (!found || more) throw new Error(`not one ${type}`);
  return found;
}

/** The application settings of the function app, by name. */
export const applicationSettings = (resources: readonly Resource[]): Map<string, string> =>
  new Map(
    (one(resources, 'Microsoft.Web/sites').properties.siteConfig.appSettings as { name: string; value: string }[]).map((s) => [
      s.name,
      s.value,
    ]),
  );

/** The type of that name that is exported by infra/types.bicep or infra/settings.bicep. */
export function definition(name: string): Parameter {
  const found = templates()
    .flatMap(({ definitions }) => Object.entries(definitions ?? {}))
    .find(([key]) => key === name || key.endsWith(`.${name}`))?.[1];
  if (!found) throw new Error(`no type ${name}`);
  return found;
}
