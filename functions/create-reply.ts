// POST /v1.0/users/{mailbox}/messages/{message}/createReply
import { app } from '@azure/functions';
import { mailHandler } from '../shared/adapters/http/mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('create-reply', {
  route: 'v1.0/users/{mailbox}/messages/{message}/createReply',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: mailHandler('createReply', mailDoor),
});
