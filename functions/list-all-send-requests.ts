// GET /v1.0/sendRequests: over all mailboxes, for operators.
import { app } from '@azure/functions';
import { listAllSendRequestsHandler } from '../shared/adapters/http/list-send-requests-handler.ts';
import { services } from '../shared/composition-root.ts';

const { clock, newId, list, mandates, authLevels } = services();

app.http('list-all-send-requests', {
  route: 'v1.0/sendRequests',
  methods: ['GET'],
  authLevel: authLevels.operators,
  handler: listAllSendRequestsHandler({ clock, newId, list, mandates }),
});
