// The first delivery of a queue message, which waits no time.
import type { Delivery } from '../../shared/usecases/submit/submit-send-request.ts';

export const firstDelivery: Delivery = { count: 1, sleep: async () => undefined };
