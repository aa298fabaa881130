// Every function runs within its invocation context, so that its telemetry belongs to its operation in Application Insights.
import { app } from '@azure/functions';
import { duringInvocation } from '../shared/composition/composition-root.ts';

app.hook.preInvocation((hook) => {
  const handler = hook.functionHandler;
  hook.functionHandler = (...inputs) => duringInvocation(hook.invocationContext, () => handler(...inputs));
});
