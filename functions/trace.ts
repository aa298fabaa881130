// Every function runs with its invocation in hand, so that what it tells belongs to its operation in Application Insights.
import { app } from '@azure/functions';
import { duringInvocation } from '../shared/composition-root.ts';

app.hook.preInvocation((hook) => {
  const handler = hook.functionHandler;
  hook.functionHandler = (...inputs) => duringInvocation(hook.invocationContext, () => handler(...inputs));
});
