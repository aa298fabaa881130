// POST /v1.0/users/{mailbox}/messages/{message}/forward
import { app } from '@azure/functions';
import { mailHandler } from '../shared/adapters/http/mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('forward', {
  route: 'v1.0/users/{mailbox}/messages/{message}/forward',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: mailHandler('forward', mailDoor),
});
