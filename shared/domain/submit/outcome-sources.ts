// The documents that several outcome rules name as their source.
export const GRAPH_ERRORS = 'https://learn.microsoft.com/graph/errors';
export const GRAPH_THROTTLING = 'https://learn.microsoft.com/graph/throttling';
export const GRAPH_KNOWN_ISSUES = 'https://learn.microsoft.com/graph/known-issues';
export const SEND_MAIL = 'https://learn.microsoft.com/graph/api/user-sendmail';
export const SEND_DRAFT = 'https://learn.microsoft.com/graph/api/message-send';
export const CREATE_DRAFT = 'https://learn.microsoft.com/graph/api/user-post-messages';
export const EWS_RESPONSE_CODES = 'https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode';
