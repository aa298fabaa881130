// The storage clients' own retries without their waits.

export const fastRetries = { retryOptions: { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 1 } };
