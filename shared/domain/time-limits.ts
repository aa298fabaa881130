// How long the host lets a function run, and what must end before that. A test compares host.json with it.

/** A claim's calls to Graph end within this time, however many there are. Milliseconds. */
export const MAXIMUM_CALLS_MS = 900_000;

/**
 * `functionTimeout` of host.json, in milliseconds. The host cannot end one function: at this time it ends the whole worker, and every
 * submission that runs there is in doubt. So no function may come near it. Flex Consumption sets no upper limit
 * (https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout).
 */
export const FUNCTION_TIMEOUT_MS = 2 * MAXIMUM_CALLS_MS;

/**
 * An HTTP request is answered within this time, also if its body has not come. Milliseconds. Azure's load balancer gives up after 230 s
 * (https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout), the host's forwarder after 240 s without a byte.
 */
export const HTTP_ANSWER_MS = 220_000;
