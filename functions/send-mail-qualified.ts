// POST /v1.0/users/{mailbox}/microsoft.graph.sendMail: the qualified name of the action, which Microsoft's older libraries use.
import { app } from '@azure/functions';
import { mailHandler } from '../shared/adapters/http/mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('send-mail-qualified', {
  route: 'v1.0/users/{mailbox}/microsoft.graph.sendMail',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: mailHandler('sendMail', mailDoor),
});
