// The HTTP functions: one per row of the route table; or those that say that the app has not started.
import { app } from '@azure/functions';
import { type HttpFunction, httpFunctions } from '../shared/adapters/http/handlers.ts';
import { type NotStartedDependencies, notStartedFunctions } from '../shared/adapters/http/not-started-handlers.ts';
import { type Services, services } from '../shared/composition/composition-root.ts';

function register(functions: readonly HttpFunction[], authLevels: Partial<Services['authLevels']> = {}): void {
  for (const { name, path, access, methods, handler } of functions) {
    app.http(name, { route: path, methods, authLevel: authLevels[access] ?? 'anonymous', handler });
  }
}

export function registerHttp(): void {
  const { http, authLevels } = services();
  register(httpFunctions(http), authLevels);
}

export const registerNotStarted = (dependencies: NotStartedDependencies): void => register(notStartedFunctions(dependencies));
