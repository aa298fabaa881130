// POST /v1.0/users/{mailbox}/sendRequests/{id}/resend
import { app } from '@azure/functions';
import { resendHandler } from '../shared/adapters/http/act-handlers.ts';
import { services } from '../shared/composition-root.ts';

const { actDoor, authLevels } = services();

app.http('resend-send-request', {
  route: 'v1.0/users/{mailbox}/sendRequests/{id}/resend',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: resendHandler(actDoor),
});
