// Runs one invocation in the real worker's order: arguments, preInvocation hooks, function, postInvocation hooks, response.
import type { RpcInvocationRequest, RpcInvocationResponse } from '../rpc.ts';
import type { AppContext, CoreInvocationContext, FunctionCallback, HookCallback } from './app-context.ts';
import { logToHost } from './log.ts';

interface InvocationHookContext {
  readonly hookData: Record<string, unknown>;
  readonly appHookData: Record<string, unknown>;
  readonly invocationContext: unknown;
  inputs: unknown[];
}

export async function executeHooks(callbacks: HookCallback[] | undefined, context: unknown): Promise<void> {
  for (const callback of callbacks ?? []) await callback(context);
}

export async function runInvocation(app: AppContext, request: RpcInvocationRequest): Promise<RpcInvocationResponse> {
  const registered = app.functions.get(request.functionId);
  if (!registered || !app.programmingModel)
    throw new Error(`Function code for '${request.functionId}' is not loaded and cannot be invoked.`);
  const { metadata } = registered;
  let invocationContext: unknown;
  const coreContext: CoreInvocationContext = {
    invocationId: request.invocationId,
    request,
    metadata,
    state: undefined,
    log: (level, category, message) =>
      logToHost(app, { level, category, message, functionName: metadata.name, invocationId: request.invocationId, invocationContext }),
  };
  const model = await app.programmingModel.getInvocationModel(coreContext);
  const { context, inputs } = await model.getArguments();
  invocationContext = context;
  const shared: InvocationHookContext = { hookData: {}, appHookData: app.appHookData, invocationContext: context, inputs };

  const pre: InvocationHookContext & { functionCallback: FunctionCallback } = { ...shared, functionCallback: registered.callback };
  coreContext.state = 'preInvocationHooks';
  await executeHooks(app.hooks.get('preInvocation'), pre);

  const post: InvocationHookContext & { result: unknown; error: unknown } = { ...shared, inputs: pre.inputs, result: null, error: null };
  coreContext.state = 'invocation';
  try {
    post.result = await model.invokeFunction(context, pre.inputs, pre.functionCallback);
  } catch (error) {
    post.error = error;
  }
  coreContext.state = 'postInvocationHooks';
  await executeHooks(app.hooks.get('postInvocation'), post);
  coreContext.state = undefined;

  // `throw undefined` counts as success in the real worker.
  if (post.error !== null && post.error !== undefined) throw post.error;
  return model.getResponse(context, post.result);
}
