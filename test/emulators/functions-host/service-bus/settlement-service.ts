// The gRPC server of the host, with the settlement service that the Service Bus extension adds to it: on Google's own gRPC and protobuf libraries.
import type { Server, ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';

/** What a running function can do with its message, and with the session of it. */
export interface MessageActions {
  lockToken: string;
  sessionId: string | undefined;
  /** Rejects if the broker refuses: the lock was lost. */
  complete(): Promise<void>;
  release(): void;
}

/** ActionsCache and SessionActionsCache of the extension's MessagingProvider. */
export class RunningMessages {
  readonly #byLockToken = new Map<string, MessageActions>();
  readonly #bySession = new Map<string, MessageActions>();

  /** Until the returned function is called. A session that is here already stays as it is (ConcurrentDictionary.TryAdd). */
  add(actions: MessageActions): () => void {
    const { lockToken, sessionId } = actions;
    this.#byLockToken.set(lockToken, actions);
    if (sessionId !== undefined && !this.#bySession.has(sessionId)) this.#bySession.set(sessionId, actions);
    return () => {
      this.#byLockToken.delete(lockToken);
      if (sessionId !== undefined) this.#bySession.delete(sessionId);
    };
  }

  byLockToken(lockToken: string): MessageActions | undefined {
    return this.#byLockToken.get(lockToken);
  }

  bySession(sessionId: string): MessageActions | undefined {
    return this.#bySession.get(sessionId);
  }
}

export interface HostService {
  /** `http://127.0.0.1:PORT/`, which the worker gets as `--functions-uri`. */
  url: string;
  close(): void;
}

/** Without `messages` the server is that of a host whose extension has no settlement service: each call is answered UNIMPLEMENTED. */
export async function startHostService(messages: RunningMessages | undefined): Promise<HostService> {
  // Loaded here, since tests of other parts do without.
  const [grpc, protobuf] = await Promise.all([import('@grpc/grpc-js'), import('protobufjs')]);
  const Type = protobuf.default.Type;
  const Field = protobuf.default.Field;
  const type = (name: string, field: string) => new Type(name).add(new Field(field, 1, 'string'));

  /** One text in, nothing out. */
  const method = (name: string, field: string) => {
    const request = type(name, field);
    return {
      path: `/Settlement/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (text: string) => Buffer.from(request.encode({ [field]: text }).finish()),
      requestDeserialize: (bytes: Buffer) => String((request.decode(bytes) as unknown as Record<string, string>)[field]),
      responseSerialize: () => Buffer.alloc(0),
      responseDeserialize: () => undefined,
    };
  };
  const definition = { Complete: method('Complete', 'locktoken'), ReleaseSession: method('ReleaseSession', 'sessionId') };

  type Handler = (call: ServerUnaryCall<string, undefined>, callback: sendUnaryData<undefined>) => void;
  const answer =
    (find: (text: string) => MessageActions | undefined, what: string, act: (actions: MessageActions) => unknown): Handler =>
    ({ request }, callback) => {
      const actions = find(request);
      if (!actions) return callback({ code: grpc.status.FAILED_PRECONDITION, details: `${what} ${request} not found.` });
      Promise.resolve()
        .then(() => act(actions))
        .then(
          () => callback(null, undefined),
          (error) => callback({ code: grpc.status.UNKNOWN, details: String(error) }),
        );
    };

  const server: Server = new grpc.Server();
  if (messages) {
    const implementation: UntypedServiceImplementation = {
      Complete: answer(
        (token) => messages.byLockToken(token),
        'LockToken',
        (actions) => actions.complete(),
      ),
      ReleaseSession: answer(
        (id) => messages.bySession(id),
        'SessionId',
        (actions) => actions.release(),
      ),
    };
    server.addService(definition, implementation);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { url: `http://127.0.0.1:${port}/`, close: () => server.forceShutdown() };
}
