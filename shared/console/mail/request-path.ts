// The path of a send request in the API.

export const requestPath = (mailbox: string, id: string): string =>
  `/v1.0/users/${encodeURIComponent(mailbox)}/sendRequests/${encodeURIComponent(id)}`;
