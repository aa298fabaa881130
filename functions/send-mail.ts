// POST /v1.0/users/{mailbox}/sendMail
import { app } from '@azure/functions';
import { sendMailHandler } from '../shared/adapters/http/send-mail-handler.ts';
import { services } from '../shared/composition-root.ts';

const { clock, newId, enqueue, config, mandates, authLevels } = services();

app.http('send-mail', {
  route: 'v1.0/users/{mailbox}/sendMail',
  methods: ['POST'],
  authLevel: authLevels.callers,
  handler: sendMailHandler({ clock, newId, enqueue, limits: config, mandates }),
});
