// GET /health/ready: what the front door depends on can be reached.
import { app } from '@azure/functions';
import { healthReadyHandler } from '../shared/adapters/http/health-handlers.ts';
import { services } from '../shared/composition-root.ts';

const { clock, queue, log, contents, mandates } = services();

app.http('health-ready', {
  route: 'health/ready',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: healthReadyHandler(
    [
      { name: 'queue', check: () => queue.check() },
      { name: 'statusLog', check: () => log.check() },
      { name: 'contentStore', check: () => contents.check() },
      { name: 'senderPolicy', check: () => mandates.check() },
    ],
    clock,
  ),
});
