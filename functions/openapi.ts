// GET /openapi.json: the description made from the schemas.
import { app } from '@azure/functions';
import { openApi } from '../shared/adapters/http/openapi.ts';
import { VERSION } from '../shared/version.ts';

app.http('openapi', {
  route: 'openapi.json',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async () => ({ status: 200, jsonBody: openApi(VERSION) }),
});
