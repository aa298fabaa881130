// POST /v1.0/users/{mailbox}/messages/{message}/send
import { app } from '@azure/functions';
import { mailHandler } from '../shared/adapters/http/mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('send-draft', {
  route: 'v1.0/users/{mailbox}/messages/{message}/send',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: mailHandler('send', mailDoor),
});
