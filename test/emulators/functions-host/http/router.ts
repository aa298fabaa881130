// Finds the function for a request: the first route that matches path and method, functions taken in the order of their names.
import type { HttpFunction } from '../function-table.ts';
import { parseRouteTemplate, type RouteTemplate } from './route-template.ts';

export interface RouteMatch {
  target: HttpFunction;
  params: Record<string, string>;
}

export interface Router {
  match(method: string, path: string): RouteMatch | undefined;
  /** Functions whose route could not be read, with the reason. */
  readonly errors: { name: string; message: string }[];
}

export function createRouter(functions: HttpFunction[], routePrefix: string): Router {
  const routes: { target: HttpFunction; template: RouteTemplate }[] = [];
  const errors: Router['errors'] = [];
  for (const target of functions) {
    try {
      routes.push({ target, template: parseRouteTemplate(routePrefix ? `${routePrefix}/${target.route}` : target.route) });
    } catch (error) {
      errors.push({ name: target.name, message: (error as Error).message });
    }
  }
  return {
    errors,
    match(method, path) {
      // A wrong method makes the route not match, so the answer is 404 and never 405 (azure-functions-host#10098).
      for (const { target, template } of routes) {
        if (!target.methods.includes(method.toUpperCase())) continue;
        const params = template.match(path);
        if (params) return { target, params };
      }
      return undefined;
    },
  };
}
