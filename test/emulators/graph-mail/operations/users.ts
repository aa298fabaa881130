// GET /users/{id}, which needs a directory permission that a mail application usually hasn't.
import type { Operation } from './call.ts';

export const getUser: Operation = ({ mailbox, request }) => ({
  status: 200,
  json: {
    '@odata.context': `${request.baseUrl}/v1.0/$metadata#users/$entity`,
    id: mailbox.objectId,
    displayName: mailbox.displayName,
    mail: mailbox.address,
    userPrincipalName: mailbox.address,
  },
});
