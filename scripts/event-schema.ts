// The JSON Schema of the events that applications are told of: the envelope is CloudEvents 1.0, and the data is what GET returns.
import { componentSchemas } from '../shared/adapters/http/openapi-schemas.ts';
import { CLOUD_EVENT_TYPES } from '../shared/domain/log/cloud-event-types.ts';

const filled = { type: 'string', minLength: 1 };

/** Some properties of a recipient are not known if the request does not have it: `type`, and what was reported before. */
function data(): object {
  const { sendRequest, sendRequestRecipient, sendRequestEvent } = componentSchemas() as Record<string, { properties: object }>;
  return {
    type: 'object',
    required: ['id', 'status', 'mailbox', 'recipients', 'events'],
    properties: {
      ...sendRequest?.properties,
      recipients: { type: 'array', items: { ...sendRequestRecipient, required: ['address'] } },
      events: { type: 'array', items: sendRequestEvent },
    },
  };
}

export const eventSchema = (): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Event of a send request',
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'sequence', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { ...filled, description: 'The same whenever the event is repeated' },
    source: { ...filled, format: 'uri-reference', description: 'The installation' },
    type: { enum: CLOUD_EVENT_TYPES, description: 'There may be more in later versions' },
    subject: { ...filled, description: 'The path of the send request' },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    sequence: { type: 'string', pattern: '^\\d{6,}\\.\\d{4,}$', description: 'Orders the events of one send request, compared as text' },
    traceparent: { ...filled, description: 'W3C trace context of the POST' },
    data: data(),
  },
});
