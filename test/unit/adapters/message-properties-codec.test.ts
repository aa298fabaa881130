// What a body calls itself is not what the message is.
import { expect, test } from 'vitest';
import { messageProperties } from '../../../shared/adapters/service-bus/message-properties-codec.ts';

const SESSION = { lockToken: 'f0a2', sessionId: 'sender@contoso.com/0' };
const METADATA = {
  deliveryCount: 3,
  messageId: 'm-1',
  ...SESSION,
  applicationProperties: { deadLetterReason: 'MaxDeliveryCountExceeded' },
};
const OWN = { deliveryCount: 3, messageId: 'm-1', ...SESSION, deadLetterReason: 'MaxDeliveryCountExceeded' };
const NONE = { deliveryCount: undefined, messageId: undefined, lockToken: undefined, sessionId: undefined, deadLetterReason: undefined };

test.each([{}, { id: 1, message: {} }, [], ['messageId'], 'plain text', '{ not closed', 5, null, undefined, new Uint8Array(2)])(
  'beside the body %j the properties are the message’s own',
  (body) => {
    expect(messageProperties(METADATA, body)).toEqual(OWN);
  },
);

test.each([
  [{ deliveryCount: 1 }, { ...OWN, deliveryCount: undefined }],
  [{ DELIVERYCOUNT: 1 }, { ...OWN, deliveryCount: undefined }],
  [{ MessageId: 'x' }, { ...OWN, messageId: undefined }],
  [{ meſſageId: 'x' }, { ...OWN, messageId: undefined }],
  [{ ApplicationProperties: {} }, { ...OWN, deadLetterReason: undefined }],
  // The lock of another message.
  [
    { locktoken: 'x', SessionId: 'y' },
    { ...OWN, lockToken: undefined, sessionId: undefined },
  ],
  [JSON.parse('{"__proto__":{"messageId":"x"}}'), OWN],
  [" {'messageId': 'x'}\n", NONE],
  ['{/* not JSON */ messageId: 1}', NONE],
])('beside the body %j what the body names is not known', (body, expected) => {
  expect(messageProperties(METADATA, body)).toEqual(expected);
});

test.each([undefined, {}, { deliveryCount: '3', applicationProperties: null }, { deliveryCount: 0 }, { deliveryCount: 1.5 }])(
  'the metadata %j say nothing',
  (metadata) => {
    expect(messageProperties(metadata, {})).toEqual(NONE);
  },
);
