// GET /v1.0/users/{mailbox}/preflight
import { app } from '@azure/functions';
import { preflightHandler } from '../shared/adapters/http/preflight-handler.ts';
import { services } from '../shared/composition-root.ts';

const { preflightDoor, authLevels } = services();

app.http('preflight', {
  route: 'v1.0/users/{mailbox}/preflight',
  methods: ['GET'],
  authLevel: authLevels.callers,
  handler: preflightHandler(preflightDoor),
});
