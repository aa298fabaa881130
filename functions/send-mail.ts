// POST /v1.0/users/{mailbox}/sendMail
import { app } from '@azure/functions';
import { sendMailHandler } from '../shared/adapters/http/send-mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { clock, newId, enqueue, config, callerOf } = services();

app.http('send-mail', {
  route: 'v1.0/users/{mailbox}/sendMail',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: sendMailHandler({ clock, newId, enqueue, limits: config, callerOf }),
});
