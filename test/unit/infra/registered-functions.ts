// The names under which functions are registered: those of the route table, and those of the other triggers.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUALIFIED_ACTION, ROUTES, UNKNOWN_PATH } from '../../../shared/adapters/http/routes.ts';
import { ROOT } from './bicep.ts';

const FOLDER = join(ROOT, 'functions');
const sources = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file), 'utf8'));
const REGISTRATION = /app\.(?:timer|serviceBusQueue)\(\s*'([\w-]+)'/g;

export const registeredFunctions: readonly string[] = [
  ...[...ROUTES, QUALIFIED_ACTION, UNKNOWN_PATH].map(({ name }) => name),
  ...sources.flatMap((source) => [...source.matchAll(REGISTRATION)].map((match) => match[1] as string)),
];
