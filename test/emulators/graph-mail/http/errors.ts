// Every error that the emulator can answer, with Graph's status, code and words. "seen": quoted from the service by its users; "assumed": nobody has shown it.

export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  /** Exchange's store errors come without innerError. */
  readonly withInnerError: boolean;

  constructor(status: number, code: string, message: string, options: { headers?: Record<string, string>; withInnerError?: boolean } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = options.headers ?? {};
    this.withInnerError = options.withInnerError ?? true;
  }
}

const messageType = 'microsoft.graph.message';

export const errors = {
  /** Documented: user-sendmail, "Response" to malformed MIME; without innerError there. */
  invalidBase64: () =>
    new GraphError(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.', { withInnerError: false }),
  /** Assumed: the name is from the EWS list of response codes. */
  invalidMime: () => new GraphError(400, 'ErrorMimeContentInvalid', 'Invalid MIME content.'),
  noRecipients: () =>
    new GraphError(
      400,
      'ErrorInvalidRecipients',
      "At least one recipient is not valid., A message can't be sent because it contains no recipients.",
    ),
  unresolvedRecipient: (address: string) =>
    new GraphError(
      400,
      'ErrorInvalidRecipients',
      `At least one recipient isn't valid., Recipient "${address}" isn't resolved. All recipients must be resolved before a message can be submitted.`,
    ),
  /** Assumed: EWS name; whether Graph answers so or an NDR comes is not known. */
  tooManyRecipients: (limit: number) =>
    new GraphError(400, 'ErrorRecipientLimitExceeded', `The message has more recipients than the limit of ${limit}.`),
  emptyParameter: (name: string) => new GraphError(400, 'ErrorInvalidParameter', `The value of the parameter '${name}' is empty.`),
  /** Seen for a file attachment without contentBytes (msgraph-sdk-python issue 667); that an empty one is answered so, too, is reported. */
  requiredPropertyMissing: () => new GraphError(400, 'ErrorRequiredPropertyMissing', 'Required property is missing.'),
  invalidArgument: (message: string) => new GraphError(400, 'ErrorInvalidArgument', message),
  unknownProperty: (name: string, type = messageType) =>
    new GraphError(
      400,
      'RequestBodyRead',
      `The property '${name}' does not exist on type '${type}'. Make sure to only use property names that are defined by the type or mark the type as open type.`,
    ),
  wrongType: (name: string, type: string) =>
    new GraphError(400, 'RequestBodyRead', `Cannot convert the value of property '${name}' to the expected type '${type}'.`),
  unknownParameter: (name: string, operation: string) =>
    new GraphError(
      400,
      'RequestBodyRead',
      `The parameter '${name}' in the request payload is not a valid parameter for the operation '${operation}'.`,
    ),
  unreadableJson: (detail: string) =>
    new GraphError(
      400,
      'BadRequest',
      `Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format. ${detail}`,
    ),
  undeserializable: () => new GraphError(400, 'UnableToDeserializePostBody', 'were unable to deserialize '),
  invalidHeaderName: (name: string) =>
    new GraphError(400, 'InvalidInternetMessageHeader', `The internet message header name '${name}' should start with 'x-' or 'X-'.`),
  tooManyHeaders: () =>
    new GraphError(
      400,
      'InvalidInternetMessageHeaderCollection',
      'Maximum number of headers in one message should be less than or equal to 5.',
    ),
  malformedId: () => new GraphError(400, 'ErrorInvalidIdMalformed', 'Id is malformed.'),
  messageTooLarge: () =>
    new GraphError(
      400,
      'ErrorMessageSizeExceeded',
      'The message exceeds the maximum supported size., Cannot save changes made to an item to store.',
    ),
  unknownSegment: (segment: string) => new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`),
  meNeedsUser: () => new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.'),
  invalidFilter: (message: string) => new GraphError(400, 'BadRequest', `Invalid filter clause: ${message}`),
  invalidQuery: (message: string) => new GraphError(400, 'BadRequest', message),
  propertyRestriction: () =>
    new GraphError(
      400,
      'ErrorInvalidUrlQueryFilter',
      'The filter expression for $filter does not match to a single extended property and a value restriction.',
    ),
  inefficientFilter: () => new GraphError(400, 'InefficientFilter', 'The restriction or sort order is too complex for this operation.'),
  /** Assumed: EWS name. */
  invalidSyncState: () => new GraphError(400, 'ErrorInvalidSyncStateData', 'The sync state data is not valid.'),
  invalidToken: (message: string) => new GraphError(401, 'InvalidAuthenticationToken', message),
  accessDenied: () => new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
  blockedByPolicy: () =>
    new GraphError(
      403,
      'ErrorAccessDenied',
      'Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.',
    ),
  insufficientPrivileges: () => new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  sendAsDenied: () =>
    new GraphError(
      403,
      'ErrorSendAsDenied',
      'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account. Cannot submit message.',
    ),
  mailboxFull: (status: number) => new GraphError(status, 'ErrorQuotaExceeded', 'Mailbox has exceeded maximum mailbox size.'),
  submissionBlocked: () =>
    new GraphError(403, 'ErrorMessageSubmissionBlocked', 'Cannot send mail. Follow the instructions in your Inbox to verify your account.'),
  itemNotFound: () => new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.'),
  folderNotFound: () => new GraphError(404, 'ErrorFolderNotFound', 'The specified folder could not be found in the store.'),
  invalidUser: (name: string) => new GraphError(404, 'ErrorInvalidUser', `The requested user '${name}' is invalid.`),
  notEnabledForRest: () =>
    new GraphError(404, 'MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.'),
  methodNotAllowed: () => new GraphError(405, 'ErrorInvalidRequest', 'The OData request is not supported.'),
  syncStateNotFound: (generation: number) =>
    new GraphError(
      410,
      'SyncStateNotFound',
      `The sync state generation is not found; generation=${generation};[highest=${generation + 1}][0-${generation}].`,
    ),
  changeKeyMismatch: () =>
    new GraphError(
      412,
      'ErrorIrresolvableConflict',
      'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
    ),
  /** Status documented; the shape of the body is not. */
  requestTooLarge: () => new GraphError(413, 'RequestEntityTooLarge', 'Request Entity Too Large'),
  unsupportedMediaType: (type: string) =>
    new GraphError(
      415,
      'UnsupportedMediaType',
      `The content type '${type}' is not supported. Use application/json, or text/plain with base64 MIME content.`,
    ),
  rangeNotSatisfiable: (message: string) => new GraphError(416, 'ErrorInvalidRange', message),
  throttled: (limit: string, retryAfter: number | null) =>
    new GraphError(429, 'ApplicationThrottled', `Application is over its ${limit} limit.`, {
      headers: retryAfter === null ? {} : { 'Retry-After': String(retryAfter) },
    }),
  internal: () => new GraphError(500, 'ErrorInternalServerError', 'An internal server error occurred. The operation failed.'),
  /** Our own: never a plausible lie about what isn't played. */
  notPlayed: (what: string) => new GraphError(501, 'EmulatorNotImplemented', `The Graph mail emulator doesn't play ${what}.`),
};
