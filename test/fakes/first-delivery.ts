// The first delivery of a queue message, which waits no time.
import type { BrokerDelivery } from '../../shared/usecases/submit/submit-send-request.ts';

export const firstDelivery: BrokerDelivery = { count: 1, sleep: async () => undefined };
