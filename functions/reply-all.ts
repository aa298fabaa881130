// POST /v1.0/users/{mailbox}/messages/{message}/replyAll
import { app } from '@azure/functions';
import { mailHandler } from '../shared/adapters/http/mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { mailDoor, authLevels } = services();

app.http('reply-all', {
  route: 'v1.0/users/{mailbox}/messages/{message}/replyAll',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: mailHandler('replyAll', mailDoor),
});
