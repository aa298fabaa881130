// The HTTP functions: one per row of the route table.
import { app } from '@azure/functions';
import { httpFunctions } from '../shared/adapters/http/handlers.ts';
import { services } from '../shared/composition-root.ts';

const { http, authLevels } = services();

for (const { name, path, access, methods, handler } of httpFunctions(http)) {
  app.http(name, { route: path, methods, authLevel: authLevels[access], handler });
}
