// What can be known of a command of the documents without running it, by its program. A problem in words, or undefined.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../../scripts/commands.ts';
import { type HttpRoute, methodsOf, QUALIFIED_ACTION, ROUTES } from '../../../shared/adapters/http/routes.ts';
import { ROOT } from '../../support/documents.ts';
import type { ShellCommand } from '../../support/shell-commands.ts';
import { analyse } from '../infra/kusto.ts';

type Check = (words: readonly string[]) => string | undefined;

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const graphMailQueue: Check = ([name, ...rest]) => {
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) return ['--help', 'COMMAND'].includes(name ?? '') ? undefined : `there is no command ${name}`;
  const unknown = rest.filter((word) => word.startsWith('--')).find((flag) => !new RegExp(`${flag}\\b`).test(`${command.usage} --help`));
  return unknown && `${name} has no ${unknown}`;
};

const NPM_OWN: readonly string[] = ['ci', 'install', 'start', 'test'];

const npm: Check = ([first, script]) => {
  if (first === 'run') return script !== undefined && script in scripts ? undefined : `package.json has no script ${script}`;
  return first !== undefined && NPM_OWN.includes(first) ? undefined : `npm ${first} is not one that the documents explain`;
};

const npx: Check = ([program, ...rest]) => {
  if (program === 'graph-mail-queue') return graphMailQueue(rest);
  if (program !== 'vitest') return `nobody has installed ${program}`;
  const file = rest.find((word) => word.startsWith('test/'));
  return file === undefined || existsSync(join(ROOT, file)) ? undefined : `there is no ${file}`;
};

/** A route's path as an expression; a segment that a reader fills in is any text. */
const matches = ({ path }: Pick<HttpRoute, 'path'>, asked: string): boolean =>
  new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`).test(asked);

export function routeProblem(method: string, url: string): string | undefined {
  const path = url.replace(/^(?:https?:\/\/[^/]+|\$\{\w+\})\//, '').replace(/\?.*$/, '');
  const found = [...ROUTES, { ...QUALIFIED_ACTION, operations: { POST: 'sendMail' } } as HttpRoute].find((route) => matches(route, path));
  if (!found) return `there is no route ${path}`;
  return (methodsOf(found) as string[]).includes(method) ? undefined : `${path} does not take ${method}`;
}

const curl: Check = (words) => {
  const after = (...names: string[]) => words[words.findIndex((word) => names.includes(word)) + 1];
  const has = (...names: string[]) => words.some((word) => names.includes(word));
  const data = has('-d', '--data') ? (after('-d', '--data') ?? '') : undefined;
  const method = has('-X') ? (after('-X') ?? '') : data === undefined || has('-sG') ? 'GET' : 'POST';
  const url = words.find((word) => /^(?:https?:\/\/|\$\{(?:QUEUE|GRAPH)\}\/)/.test(word));
  if (url === undefined) return 'no URL was found in it';
  if (data !== undefined) {
    try {
      JSON.parse(data);
    } catch (error) {
      return `its body is not JSON: ${(error as Error).message}`;
    }
  }
  // The control API of the emulator is not one of the product's routes; a scenario runs these lines.
  return url.includes('/control/') ? undefined : routeProblem(method, url);
};

const kql: Check = ([query = '']) => {
  // A query that a command prints is checked where its file is.
  if (/^\$\(|^\$\{|^\$/.test(query)) return undefined;
  const { problems } = analyse(query);
  return problems.length === 0 ? undefined : problems.join('; ');
};

const queryFile: Check = ([name]) =>
  existsSync(join(ROOT, 'infra/monitoring/queries', `${name}`)) ? undefined : `there is no query ${name}`;

const rightsScript =
  (path: string): Check =>
  (words) => {
    const parameters = /param\s*\(([\s\S]*?)\n\)/i.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1] ?? '';
    const unknown = words.filter((word) => /^-[A-Za-z]/.test(word)).find((word) => !new RegExp(`\\$${word.slice(1)}\\b`).test(parameters));
    return unknown && `${path} has no parameter ${unknown}`;
  };

const node: Check = (words) => {
  const file = words.find((word) => word.endsWith('.ts') || word.endsWith('.mjs'));
  return file !== undefined && existsSync(join(ROOT, file)) ? undefined : `there is no ${file}`;
};

/** By the program's name. */
export const CHECKS: Readonly<Record<string, Check>> = {
  npm,
  npx,
  curl,
  node,
  get: ([path = '']) => routeProblem('GET', `v1.0/${path}`),
  ask: kql,
  run: queryFile,
  './infra/rights/register-api.ps1': rightsScript('infra/rights/register-api.ps1'),
  './infra/rights/grant-mailbox-rights.ps1': rightsScript('infra/rights/grant-mailbox-rights.ps1'),
};

/** Programs whose command lines nothing here can judge, with the reason. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  az: 'needs the Azure CLI and a subscription; written by its reference',
  azd: 'needs the Azure Developer CLI and a subscription; written by its reference',
  gh: 'needs a release of this project on GitHub',
  'Connect-MgGraph': "needs Microsoft's PowerShell module and a tenant",
  export: 'sets a variable for the lines that follow',
  sha256sum: 'needs the file of the release that the line before it fetches',
  cut: 'takes a part of what the command before it prints',
  mkdir: 'makes the folder for the lines that follow',
};

export function problemOf({ words: [program, ...rest] }: ShellCommand): string | undefined {
  if (program === undefined || program in EXCEPTIONS) return undefined;
  const check = CHECKS[program];
  return check ? check(rest) : `nothing checks ${program}: add a check, or an exception with its reason`;
}
