// POST /v1.0/users/{mailbox}/messages
import { app } from '@azure/functions';
import { mailHandler } from '../shared/adapters/http/mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('create-draft', {
  route: 'v1.0/users/{mailbox}/messages',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: mailHandler('createDraft', mailDoor),
});
