// Messages between the host process and its worker process (Azure uses gRPC; here the child's IPC channel, which carries buffers).
import type { RpcException, RpcFunctionMetadata, RpcInvocationRequest, RpcInvocationResponse, RpcLogCategory, RpcLogLevel } from './rpc.ts';

export type HostMessage = { type: 'load'; entryPoint: string } | { type: 'invoke'; request: RpcInvocationRequest } | { type: 'terminate' };

export type WorkerMessage =
  | { type: 'loaded'; functions: RpcFunctionMetadata[]; capabilities: Record<string, string> }
  | { type: 'loadFailed'; error: RpcException }
  | { type: 'invoked'; invocationId: string; response: RpcInvocationResponse }
  | { type: 'failed'; invocationId: string; error: RpcException }
  | {
      type: 'log';
      level: RpcLogLevel;
      category: RpcLogCategory;
      message: string;
      functionName?: string | undefined;
      invocationId?: string | undefined;
    };

export const hostVersion = '4.1037.0';
