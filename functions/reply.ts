// POST /v1.0/users/{mailbox}/messages/{message}/reply
import { app } from '@azure/functions';
import { mailHandler } from '../shared/adapters/http/mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('reply', {
  route: 'v1.0/users/{mailbox}/messages/{message}/reply',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: mailHandler('reply', mailDoor),
});
