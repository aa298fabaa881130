// GET /v1.0/users/{mailbox}/sendRequests/{id}
import { app } from '@azure/functions';
import { getSendRequestHandler } from '../shared/adapters/http/get-send-request-handler.ts';
import { services } from '../shared/composition-root.ts';

const { clock, newId, log, config, mandates, authLevels } = services();

app.http('get-send-request', {
  route: 'v1.0/users/{mailbox}/sendRequests/{id}',
  methods: ['GET'],
  authLevel: authLevels.callers,
  handler: getSendRequestHandler({ clock, newId, log, mandates, sendLifetimeMs: config.sendLifetimeMs }),
});
