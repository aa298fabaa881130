// POST /v1.0/users/{mailbox}/sendRequests/{id}/cancel
import { app } from '@azure/functions';
import { cancelHandler } from '../shared/adapters/http/act-handlers.ts';
import { services } from '../shared/composition-root.ts';

const { actDoor, authLevels } = services();

app.http('cancel-send-request', {
  route: 'v1.0/users/{mailbox}/sendRequests/{id}/cancel',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: cancelHandler(actDoor),
});
