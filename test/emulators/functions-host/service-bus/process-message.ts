// One message: run the function, then complete on success, abandon at once on a throw; unless the function has settled it itself.
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { atMost } from './bus-connection.ts';
import { toInvocationInput } from './message-to-rpc.ts';
import type { PumpOptions } from './pump.ts';
import type { SettlementLine } from './settlement-line.ts';

// On a dead connection a session receiver answers only after 60 s; the message is redelivered long before.
const settleTimeout = 5000;

export interface Outcome {
  /** False: nothing more can be settled here. */
  settled: boolean;
  /** The function has asked for the release of its session. */
  released: boolean;
}

export interface MessageSource {
  receiver: Pick<ServiceBusReceiver, 'completeMessage' | 'abandonMessage'>;
  line: SettlementLine;
  /** Resolves when the receiver is lost: then no answer comes any more. */
  lost: Promise<unknown>;
  /** The listener's own: it ends with the host. */
  stopping: AbortSignal;
}

export async function processMessage(
  { target, options, invoker, log, messages }: PumpOptions,
  { receiver, line, lost, stopping }: MessageSource,
  message: ServiceBusReceivedMessage,
): Promise<Outcome> {
  const say = (level: 'information' | 'error', text: string) => log.function(target.name, '', level, text);
  let completed = false;
  let released = false;
  const act = async (action: 'complete' | 'abandon'): Promise<void> => {
    await line.turn();
    const promise = action === 'complete' ? receiver.completeMessage(message) : receiver.abandonMessage(message);
    const receiverLost = lost.then(() => Promise.reject(new Error('the receiver is lost')));
    await Promise.race([atMost(promise, settleTimeout, action), receiverLost]);
  };
  const settle = async (action: 'complete' | 'abandon'): Promise<Outcome> => {
    try {
      await act(action);
      return { settled: true, released };
    } catch (error) {
      const code = (error as { code?: string }).code ?? (error as Error).name;
      say('error', `could not ${action} message ${String(message.messageId)}: ${code} ${(error as Error).message}`);
      return { settled: false, released };
    }
  };
  const remove = messages.add({
    lockToken: message.lockToken ?? '',
    sessionId: message.sessionId,
    async complete() {
      await act('complete');
      completed = true;
    },
    release() {
      released = true;
    },
  });
  let failed = false;
  try {
    await invoker.invoke(target, toInvocationInput(message, target.queueName, target.isSessionsEnabled));
  } catch (error) {
    if (error instanceof TypeError) say('error', error.message);
    failed = true;
  } finally {
    remove();
  }
  // ServiceBusListener: a release cancels the token that CompleteProcessingMessageAsync then throws on, also if the function has succeeded.
  // ReceiverManager.ProcessOneMessage: a message that is settled is left alone; any other one is abandoned after a throw.
  if (released) say('information', 'Message processing error (Action=ProcessMessageCallback): The operation was canceled.');
  if (completed) return { settled: true, released };
  // It throws on the stopping token, too.
  if (failed || released || stopping.aborted) return settle('abandon');
  const autoComplete = target.autoCompleteMessages ?? options.autoCompleteMessages;
  return autoComplete ? settle('complete') : { settled: false, released };
}
