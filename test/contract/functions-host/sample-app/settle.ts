// Calls the settlement service of the host, as the Functions extension for Service Bus does.
import { GrpcChannel, type GrpcError } from '../../../../shared/adapters/service-bus/grpc-channel.ts';
import { hostServiceUrl } from '../../../../shared/adapters/service-bus/worker-arguments.ts';

export type SettlementCall = 'Complete' | 'ReleaseSession' | 'CompleteUnknown';

const channel = new GrpcChannel(hostServiceUrl(process.argv.slice(2)) ?? '', 5_000);

/** `OK`, or the status and message of the answer. */
export async function settle(call: SettlementCall, metadata: Record<string, unknown> | undefined): Promise<string> {
  const text = Buffer.from(call === 'CompleteUnknown' ? 'unknown' : String(metadata?.[call === 'Complete' ? 'lockToken' : 'sessionId']));
  const method = call === 'CompleteUnknown' ? 'Complete' : call;
  try {
    await channel.call(`/Settlement/${method}`, Buffer.concat([Buffer.from([0x0a, text.length]), text]));
    return 'OK';
  } catch (error) {
    const { status, message } = error as GrpcError;
    return `${status} ${message}`;
  }
}
