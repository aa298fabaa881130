// POST /v1.0/sendRequests/resend: every send request that a filter means, for operators.
import { app } from '@azure/functions';
import { actByFilterHandler } from '../shared/adapters/http/act-by-filter-handlers.ts';
import { services } from '../shared/composition-root.ts';

const { actDoor, authLevels } = services();

app.http('resend-by-filter', {
  route: 'v1.0/sendRequests/resend',
  methods: ['POST'],
  authLevel: authLevels.operators,
  handler: actByFilterHandler('resend', actDoor),
});
