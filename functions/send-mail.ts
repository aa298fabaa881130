// POST /v1.0/users/{mailbox}/sendMail
import { app } from '@azure/functions';
import { mailHandler } from '../shared/adapters/http/mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('send-mail', {
  route: 'v1.0/users/{mailbox}/sendMail',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: mailHandler('sendMail', mailDoor),
});
