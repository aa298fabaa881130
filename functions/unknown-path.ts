// Every other path and method: an answer in Graph's words instead of the host's bare one.
// The Functions library throws on TRACE and CONNECT, so the host's bare 404 is better for them.
// Its name sorts last and it is registered last: which of two fitting routes the host takes may depend on either.
import { app } from '@azure/functions';
import { unknownPathHandler } from '../shared/adapters/http/unknown-path-handler.ts';
import { services } from '../shared/composition-root.ts';

const { clock, newId } = services();

app.http('unknown-path', {
  route: '{*path}',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  authLevel: 'anonymous',
  handler: unknownPathHandler({ clock, newId }),
});
