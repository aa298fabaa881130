// POST /v1.0/users/{mailbox}/messages/{message}/microsoft.graph.{action}: qualified names, which Microsoft's older libraries use.
import { app } from '@azure/functions';
import { qualifiedActionHandler } from '../shared/adapters/http/qualified-action-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('message-action-qualified', {
  route: 'v1.0/users/{mailbox}/messages/{message}/microsoft.graph.{messageAction}',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: qualifiedActionHandler(mailDoor),
});
