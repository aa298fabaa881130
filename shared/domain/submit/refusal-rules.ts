// The answers that are final: Graph's own error code says that the request is wrong, so the same request can never succeed.
import { MAILBOX_MISSING, type OutcomeRule } from './outcome-rule.ts';
import { EWS_RESPONSE_CODES, GRAPH_ERRORS, GRAPH_KNOWN_ISSUES, SEND_MAIL } from './outcome-sources.ts';

/** The statuses of the error codes with which Graph says that the request is wrong. */
const REFUSING = { from: 400, to: 499 } as const;

export const REFUSAL_RULES: readonly OutcomeRule[] = [
  {
    id: 'send-as-denied',
    status: REFUSING,
    codes: ['ErrorSendAsDenied'],
    outcome: 'submissionRefused',
    reason: 'The mailbox may not send as that From address; the same request can never succeed.',
    source: 'https://learn.microsoft.com/graph/outlook-send-mail-from-other-user',
  },
  {
    id: 'mailbox-missing',
    status: [404],
    codes: MAILBOX_MISSING,
    missingForLong: true,
    outcome: 'submissionRefused',
    reason: 'For as long as MAILBOX_MISSING_AFTER every answer has said that the mailbox does not exist.',
    source: GRAPH_KNOWN_ISSUES,
  },
  {
    id: 'item-not-found',
    calls: ['submit', 'createDraft'],
    status: [404],
    codes: ['ErrorItemNotFound'],
    namesItem: true,
    outcome: 'submissionRefused',
    reason: 'The message that is to be answered, forwarded or sent is not in the mailbox.',
    source: `${EWS_RESPONSE_CODES} (ErrorItemNotFound); https://learn.microsoft.com/graph/api/message-reply`,
  },
  {
    id: 'mime-refused',
    status: REFUSING,
    codes: ['ErrorMimeContentInvalidBase64String', 'ErrorMimeContentInvalid', 'ErrorMimeContentConversionFailed'],
    outcome: 'submissionRefused',
    reason: 'The MIME itself cannot be read.',
    source: `${SEND_MAIL} (the first code); ${EWS_RESPONSE_CODES} (all three; the others were not seen from Graph)`,
  },
  {
    id: 'recipients-refused',
    status: REFUSING,
    codes: ['ErrorInvalidRecipients', 'ErrorRecipientLimitExceeded'],
    outcome: 'submissionRefused',
    reason: 'A recipient is not valid, there is none, or there are too many.',
    source: `${EWS_RESPONSE_CODES}; msgraph-sdk-dotnet issue 1891`,
  },
  {
    id: 'body-refused',
    status: REFUSING,
    codes: ['ErrorInvalidParameter', 'ErrorRequiredPropertyMissing', 'RequestBodyRead', 'UnableToDeserializePostBody'],
    outcome: 'submissionRefused',
    reason: 'Graph does not accept the JSON of the message: a parameter or a property is missing, unknown, or of the wrong type.',
    source: `learn.microsoft.com/answers/questions/1202189; ${EWS_RESPONSE_CODES} (ErrorRequiredPropertyMissing); office365-mail issue 28 (RequestBodyRead); microsoft-graph-docs issue 16368`,
  },
  {
    id: 'headers-refused',
    status: REFUSING,
    codes: ['InvalidInternetMessageHeader', 'InvalidInternetMessageHeaderCollection'],
    outcome: 'submissionRefused',
    reason: 'A header has a name that Graph does not accept, or there are more than five.',
    source: 'https://learn.microsoft.com/graph/api/resources/internetmessageheader; learn.microsoft.com/answers/questions/762243',
  },
  {
    id: 'too-large',
    status: REFUSING,
    codes: ['ErrorMessageSizeExceeded', 'RequestEntityTooLarge'],
    outcome: 'submissionRefused',
    reason: 'The message is larger than Graph or the mailbox accepts.',
    source: `${EWS_RESPONSE_CODES}; RFC 9110 section 15.5.14`,
  },
  {
    id: 'id-refused',
    calls: ['submit', 'createDraft'],
    status: REFUSING,
    codes: ['ErrorInvalidIdMalformed', 'ErrorInvalidId', 'ErrorInvalidIdEmpty'],
    namesItem: true,
    outcome: 'submissionRefused',
    reason:
      'The id that the caller gave is not an id of Exchange. On the other calls Graph itself gave the id, so there the request is not wrong.',
    source: `${EWS_RESPONSE_CODES}; microsoft-graph-docs-contrib issue 106 (malformed, though Graph gave it)`,
  },
  {
    id: 'path-refused',
    status: [400, 405],
    codes: ['BadRequest', 'ErrorInvalidRequest'],
    outcome: 'submissionRefused',
    reason: 'Graph does not have this operation at this path, or not for this mailbox name.',
    source: `${GRAPH_ERRORS}; microsoft-graph-docs issue 1982; nodejs-connect-rest-sample issue 35`,
  },
];
