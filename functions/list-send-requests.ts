// GET /v1.0/users/{mailbox}/sendRequests
import { app } from '@azure/functions';
import { listSendRequestsHandler } from '../shared/adapters/http/list-send-requests-handler.ts';
import { services } from '../shared/composition-root.ts';

const { clock, newId, list, mandates, authLevels } = services();

app.http('list-send-requests', {
  route: 'v1.0/users/{mailbox}/sendRequests',
  methods: ['GET'],
  authLevel: authLevels.callers,
  handler: listSendRequestsHandler({ clock, newId, list, mandates }),
});
