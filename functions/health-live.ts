// GET /health/live: the process answers.
import { app } from '@azure/functions';
import { healthLiveHandler } from '../shared/adapters/http/health-handlers.ts';
import { VERSION } from '../shared/version.ts';

app.http('health-live', { route: 'health/live', methods: ['GET'], authLevel: 'anonymous', handler: healthLiveHandler(VERSION) });
