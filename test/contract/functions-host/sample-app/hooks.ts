// Hooks of the sample app; they act on the function `hooked` only.
import { writeFileSync } from 'node:fs';
import { app } from '@azure/functions';

app.hook.appStart((context) => {
  context.hookData['started'] = 'yes';
  process.env['SAMPLE_STARTED'] = 'yes';
});
app.hook.preInvocation((context) => {
  if (context.invocationContext.functionName !== 'hooked') return;
  context.hookData['seen'] = 'before';
  const handler = context.functionHandler;
  context.functionHandler = async (...args: unknown[]) => ({
    ...((await handler(...(args as [never, never]))) as object),
    headers: { 'x-wrapped': 'yes' },
  });
});
app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName !== 'hooked') return;
  context.result = { ...(context.result as object), body: `${context.hookData['seen']} and after` };
});
app.hook.log((context) => {
  context.message = context.message.replace('secret', '***');
});
app.hook.appTerminate(() => {
  if (process.env['SAMPLE_TERMINATED']) writeFileSync(process.env['SAMPLE_TERMINATED'], '');
});

app.http('hooked', {
  methods: ['GET'],
  handler: (_request, context) => {
    context.log('a secret word');
    return { body: 'from the handler' };
  },
});
