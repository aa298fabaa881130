// What is wrong with a request, in Graph's words: one named maker per row of the error table, with status and code.

/** An answer that refuses a request. `message` says what is wrong, where, and what to do. */
export interface Problem {
  status: number;
  code: string;
  message: string;
  /** Seconds. Set if the same request may be accepted later. */
  retryAfter?: number;
}

export type Checked<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export const ok = <T>(value: T): Checked<T> => ({ ok: true, value });
export const refused = (problem: Problem): { ok: false; problem: Problem } => ({ ok: false, problem });

const bad = (code: string, message: string): Problem => ({ status: 400, code, message });

/** Codes are Graph's if Graph has one (https://learn.microsoft.com/graph/errors, user-sendmail); others follow its style. */
export const problems = {
  mimeNotBase64: () => bad('ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.'),
  mimeInvalid: (why: string) => bad('ErrorMimeContentInvalid', `Invalid MIME content. ${why}`),
  bodyUnreadable: (why: string) => bad('RequestBodyRead', why),
  unknownProperty: (path: string, type: string) =>
    bad(
      'RequestBodyRead',
      `The property '${path}' does not exist on type '${type}'. Make sure to only use property names that are defined by the type.`,
    ),
  readOnlyProperty: (path: string) => bad('RequestBodyRead', `The property '${path}' is read-only: Exchange sets it. Leave it out.`),
  unknownParameter: (name: string, action: string) =>
    bad('RequestBodyRead', `The parameter '${name}' in the request payload is not a valid parameter for the operation '${action}'.`),
  reservedMark: (name: string) =>
    bad('RequestBodyRead', `'${name}' is reserved: this service marks each mail with it to find it again. Leave it out.`),
  reservedMessageId: (where: string) =>
    bad(
      'RequestBodyRead',
      `${where} has the form of the Message-IDs by which this service matches reports to mails. Choose another one, or leave it out.`,
    ),
  extendedPropertyRefused: (path: string, id: string) =>
    bad(
      'RequestBodyRead',
      `'${path}': the extended property '${id}' cannot be set here. Set properties of your own, or those that the documentation of this service lists.`,
    ),
  annotationRefused: (path: string) =>
    bad(
      'RequestBodyRead',
      `The annotation '${path}' is not accepted: only @odata.type is, and the annotations that Graph adds to a message when a client reads it. Leave it out.`,
    ),
  authorWithoutAddress: (path: string) =>
    bad('ErrorInvalidRecipients', `The property '${path}' has no address: name the address in it, or leave it out.`),
  subjectsNotKept: () =>
    bad('BadRequest', 'Invalid filter clause: subjects are not kept here (LOG_SUBJECTS), so nothing can be found by subject.'),
  wrongType: (path: string, expected: string) => bad('RequestBodyRead', `The property '${path}' has a wrong value: ${expected}.`),
  messageMissing: () => bad('ErrorInvalidParameter', "The value of the parameter 'Message' is empty."),
  noRecipients: () =>
    bad('ErrorInvalidRecipients', "At least one recipient is not valid., A message can't be sent because it contains no recipients."),
  invalidRecipient: (address: string) =>
    bad(
      'ErrorInvalidRecipients',
      `At least one recipient isn't valid., Recipient "${address}" isn't resolved. All recipients must be resolved before a message can be submitted.`,
    ),
  /** `name`: of the header field. */
  recipientField: (name: string, why: string) =>
    bad('ErrorInvalidRecipients', `At least one recipient is not valid., The header field ${name} cannot be read: ${why}.`),
  tooManyRecipients: (count: number, limit: number) =>
    bad(
      'ErrorInvalidRecipients',
      `The message has ${count} recipients over to, cc and bcc; the limit is ${limit}. Send several mails instead.`,
    ),
  tooManyHeaders: (count: number) =>
    bad(
      'InvalidInternetMessageHeaderCollection',
      `Maximum number of headers in one message should be less than or equal to 5; there are ${count}.`,
    ),
  invalidHeader: (name: string) =>
    bad('InvalidInternetMessageHeader', `The internet message header name '${name}' should start with 'x-' or 'X-'.`),
  lineBreak: (path: string) => bad('RequestBodyRead', `The property '${path}' contains a line break or another control character.`),
  deferredSendInMime: () =>
    bad('ErrorInvalidParameter', 'Deferred delivery is not possible in MIME content. Use the request header Send-At instead.'),
  deferredSendInDraft: (path: string) =>
    bad(
      'ErrorInvalidParameter',
      `'${path}' defers the sending of a draft, which is not possible here. Use the request header Send-At when you send the draft.`,
    ),
  exclusive: (one: string, other: string) => bad('ErrorInvalidArgument', `Specify either ${one} or ${other}, not both.`),
  forwardToNobody: () =>
    bad('ErrorInvalidArgument', 'Specify the toRecipients parameter or the toRecipients property of the message parameter.'),
  noId: (name: string) =>
    bad(
      'ErrorInvalidIdMalformed',
      `Id is malformed. The path has '${name}' in place of a message id, so the client had no id. Create draft answers 202 with the id of the send request, which you may use in the path. With the header 'Prefer: wait=30' it answers 201 with the draft and its id.`,
    ),
  malformedId: () => bad('ErrorInvalidIdMalformed', 'Id is malformed.'),
  unexpectedBody: (operation: string) => bad('RequestBodyRead', `The operation '${operation}' takes no body.`),
  invalidRequestHeader: (name: string, why: string) => bad('ErrorInvalidParameter', `The request header ${name} is not valid: ${why}.`),
  emptyBody: () =>
    bad(
      'RequestBodyRead',
      'The request has no body. If the client sent one without Content-Length (chunked), it did not reach this service: send it with Content-Length.',
    ),
  cutOffBody: (said: number, received: number) =>
    bad('RequestBodyRead', `The body was cut off: Content-Length says ${said} bytes, but ${received} arrived.`),
  brokenOff: (received: number) => bad('RequestBodyRead', `The body broke off after ${received} bytes.`),
  emptyAttachment: (path: string) =>
    bad('ErrorRequiredPropertyMissing', `Required property is missing. '${path}' is empty, and Graph takes no attachment without content.`),
  dataImagesTooLarge: (path: string, length: number, limit: number): Problem => ({
    status: 413,
    code: 'ErrorMessageSizeExceeded',
    message: `The data: URLs in '${path}' have ${length} characters, more than the limit of ${limit}: Graph may send such a mail empty. Attach the images (isInline, contentId) and name them with cid: in the HTML.`,
  }),
  tooLarge: (what: string, size: number | undefined, limit: number): Problem => ({
    status: 413,
    code: 'ErrorMessageSizeExceeded',
    message: `${what} ${size === undefined ? 'is larger' : `has ${size} bytes, more`} than the limit of ${limit} bytes.`,
  }),
  indivisible: (size: number, limit: number, why: string): Problem => ({
    status: 413,
    code: 'ErrorMessageSizeExceeded',
    message: `The message has ${size} bytes, more than the limit of ${limit} bytes for such a message. ${why}.`,
  }),
  rightsTooLow: (what: string, granted: string, needed: string): Problem => ({
    status: 403,
    code: 'ErrorAccessDenied',
    message: `Access is denied: ${what} needs the rights tier "${needed}", and this service was granted "${granted}" (setting GRAPH_RIGHTS).`,
  }),
  unsupportedMediaType: (contentType: string): Problem => ({
    status: 415,
    code: 'UnsupportedMediaType',
    message: `The content type '${contentType}' is not supported. Use application/json, or text/plain with the base64 of a MIME message.`,
  }),
  unsupportedCharset: (charset: string): Problem => ({
    status: 415,
    code: 'UnsupportedMediaType',
    message: `The charset '${charset}' is not supported. Use UTF-8.`,
  }),
  unsupportedEncoding: (encoding: string): Problem => ({
    status: 415,
    code: 'UnsupportedMediaType',
    message: `The content encoding '${encoding}' is not supported. Use gzip, deflate, br, or none.`,
  }),
  methodNotAllowed: (method: string, allow: string): Problem => ({
    status: 405,
    code: 'ErrorInvalidRequest',
    message: `The method ${method} is not allowed here. Allowed: ${allow}.`,
  }),
  invalidUser: (mailbox: string): Problem => ({
    status: 404,
    code: 'ErrorInvalidUser',
    message: `The requested user '${mailbox}' is invalid.${/[#$]/.test(mailbox) ? " A name with '#' or '$' is not accepted here: use the object id of the mailbox." : ''}`,
  }),
  /** `advice`: what to do instead. */
  unknownSegment: (segment: string, advice?: string): Problem =>
    bad('BadRequest', `Resource not found for the segment '${segment}'.${advice === undefined ? '' : ` ${advice}`}`),
  emptySegment: (): Problem => ({
    status: 404,
    code: 'BadRequest',
    message:
      'Resource not found: the path has an empty segment (two slashes in a row). If an id belongs there, the client had no id. Otherwise write one slash.',
  }),
  meNotPossible: (rest: string) =>
    bad('BadRequest', `/me request is only valid with a signed-in user. Name the mailbox: /v1.0/users/{mailbox}/${rest}`),
  notFound: (): Problem => ({ status: 404, code: 'ErrorItemNotFound', message: 'The specified object was not found in the store.' }),
  keyReused: (): Problem => ({
    status: 422,
    code: 'IdempotencyKeyReused',
    message: 'This Idempotency-Key was used with other content. Use a new key for a new request.',
  }),
  unavailable: (reason: string, retryAfter = 10): Problem => ({
    status: 503,
    code: 'serviceNotAvailable',
    retryAfter,
    message: `The request was not accepted and may be repeated: ${reason}.`,
  }),
  hostHeader: (name: string) => bad('BadRequest', `The request header ${name} belongs to the Functions host. Leave it out.`),
  unreadableRequest: () =>
    bad(
      'BadRequest',
      'The request cannot be read: its Host header and its path do not form a valid URL, or a header has an invalid value.',
    ),
  unmatchedRequest: (name: string): Problem => ({
    status: 503,
    code: 'serviceNotAvailable',
    retryAfter: 10,
    message: `The Functions host did not pass the request on in time. It was not accepted and may be repeated. Leave out the header ${name}.`,
  }),
  bodyTooSlow: (seconds: number): Problem => ({
    status: 408,
    code: 'RequestTimeout',
    message: `The body did not come within ${seconds} seconds. The request was not accepted. Send it again, over a faster connection or as several smaller mails.`,
  }),
  /** Microsoft's SDKs do not repeat 408 by themselves. */
  notHashed: (): Problem => ({
    status: 408,
    code: 'RequestTimeout',
    message: 'The service is busy, and the body came too slowly to wait for it. The request was not accepted. Send it again later.',
  }),
  noAnswerInTime: (seconds: number): Problem => ({
    status: 503,
    code: 'serviceNotAvailable',
    retryAfter: 10,
    message: `There was no answer within ${seconds} seconds, and it is not known whether the request was accepted. If it had an Idempotency-Key, repeat it with the same key. Otherwise look for it among the send requests first.`,
  }),
  internal: (): Problem => ({
    status: 500,
    code: 'InternalServerError',
    message: 'An unexpected error occurred. The request was not accepted; the request-id names it in the logs.',
  }),
};
