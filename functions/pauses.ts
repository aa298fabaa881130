// GET and POST /v1.0/pauses, for operators.
import { app } from '@azure/functions';
import { pausesHandler } from '../shared/adapters/http/pauses-handlers.ts';
import { services } from '../shared/composition-root.ts';

const { pausesDoor, authLevels } = services();

app.http('pauses', { route: 'v1.0/pauses', methods: ['GET', 'POST'], authLevel: authLevels.operators, handler: pausesHandler(pausesDoor) });
