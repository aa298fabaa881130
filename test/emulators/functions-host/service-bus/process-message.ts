// One message: run the function, then complete on success, abandon at once on a throw.
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { atMost } from './bus-connection.ts';
import { toInvocationInput } from './message-to-rpc.ts';
import type { PumpOptions } from './pump.ts';
import type { SettlementLine } from './settlement-line.ts';

// On a dead connection a session receiver answers only after 60 s; the message is redelivered long before.
const settleTimeout = 5000;

export type Outcome = 'settled' | 'unsettled';

export interface MessageSource {
  receiver: Pick<ServiceBusReceiver, 'completeMessage' | 'abandonMessage'>;
  line: SettlementLine;
  /** Resolves when the receiver is lost: then no answer comes any more. */
  lost: Promise<unknown>;
  /** The listener's own: it ends with the host. */
  stopping: AbortSignal;
}

export async function processMessage(
  { target, options, invoker, log }: PumpOptions,
  { receiver, line, lost, stopping }: MessageSource,
  message: ServiceBusReceivedMessage,
): Promise<Outcome> {
  const settle = async (action: 'complete' | 'abandon'): Promise<Outcome> => {
    try {
      await line.turn();
      const promise = action === 'complete' ? receiver.completeMessage(message) : receiver.abandonMessage(message);
      const receiverLost = lost.then(() => Promise.reject(new Error('the receiver is lost')));
      await Promise.race([atMost(promise, settleTimeout, action), receiverLost]);
      return 'settled';
    } catch (error) {
      const code = (error as { code?: string }).code ?? (error as Error).name;
      log.function(
        target.name,
        '',
        'error',
        `could not ${action} message ${String(message.messageId)}: ${code} ${(error as Error).message}`,
      );
      return 'unsettled';
    }
  };
  try {
    await invoker.invoke(target, toInvocationInput(message, target.queueName, target.isSessionsEnabled));
  } catch (error) {
    if (error instanceof TypeError) log.function(target.name, '', 'error', error.message);
    return settle('abandon');
  }
  // MessageProcessor.CompleteProcessingMessageAsync throws on the stopping token, also if the function has succeeded.
  if (stopping.aborted) return settle('abandon');
  const autoComplete = target.autoCompleteMessages ?? options.autoCompleteMessages;
  return autoComplete ? settle('complete') : 'unsettled';
}
