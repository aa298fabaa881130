// POST /v1.0/sendRequests/cancel: every send request that a filter means, for operators.
import { app } from '@azure/functions';
import { actByFilterHandler } from '../shared/adapters/http/act-by-filter-handlers.ts';
import { services } from '../shared/composition-root.ts';

const { actDoor, authLevels } = services();

app.http('cancel-by-filter', {
  route: 'v1.0/sendRequests/cancel',
  methods: ['POST'],
  authLevel: authLevels.operators,
  handler: actByFilterHandler('cancel', actDoor),
});
