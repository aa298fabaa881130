// DELETE /v1.0/pauses/{id}: for operators.
import { app } from '@azure/functions';
import { resumeHandler } from '../shared/adapters/http/pauses-handlers.ts';
import { services } from '../shared/composition-root.ts';

const { pausesDoor, authLevels } = services();

app.http('resume', { route: 'v1.0/pauses/{id}', methods: ['DELETE'], authLevel: authLevels.operators, handler: resumeHandler(pausesDoor) });
