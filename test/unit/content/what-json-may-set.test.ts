// What a message in JSON may not set: who it is from by another way, what kind of item it is, or a link to another item.
import { describe, expect, test } from 'vitest';
import { decodeSendMail } from '../../../shared/domain/content/decode-send-mail.ts';

const toRecipients = [{ emailAddress: { address: 'customer@example.com' } }];
function refusalOf(message: Record<string, unknown>): string {
  const body = new TextEncoder().encode(JSON.stringify({ message: { toRecipients, ...message } }));
  const result = decodeSendMail(body, 10);
  return result.ok ? '' : `${result.problem.status} ${result.problem.message}`;
}
const single = (id: string) => refusalOf({ singleValueExtendedProperties: [{ id, value: 'x' }] });
const HEADERS = '{00020386-0000-0000-C000-000000000046}';
const PUBLIC = '{00020329-0000-0000-C000-000000000046}';
const COMMON = '{00062008-0000-0000-C000-000000000046}';

describe('extended properties', () => {
  test.each([
    'String 0x0C1A',
    'String 0xC1F',
    ' string  0x0042 ',
    'String 0x0065',
    'Binary 0x0041',
    'String 0x001A',
    'Integer 0x0E07',
    'Boolean 0x0E01',
    'String 0x1035',
    'String 0x0036',
    'String 0x123456789',
    `String ${HEADERS} Name From`,
    `String ${HEADERS} Name bcc`,
    `String ${HEADERS} Name x-`,
    `String ${HEADERS} Name X-MS-Exchange-Organization-SCL`,
    `String ${HEADERS} Name X-A: b`,
    `String ${HEADERS} Id 0x0C1A`,
    `String ${PUBLIC} Name http://schemas.microsoft.com/mapi/proptag/0x0C1A001E`,
    `String ${PUBLIC} Id 0x8001`,
    'String {00020328-0000-0000-C000-000000000046} Id 0x0C1A',
    `String ${COMMON} Id 0x8580`,
    `String ${COMMON} Name 0x8520`,
    `String ${COMMON} Id 34080`,
    'nonsense',
    `String ${PUBLIC} Name ${'x'.repeat(600)}`,
  ])('%s is refused by its place', (id) => {
    expect(single(id)).toMatch(/^400 'message\.singleValueExtendedProperties\[0\]': the extended property/);
  });

  test.each([
    'String 0x1042',
    'Integer 0x36',
    `String ${HEADERS} Name X-Campaign`,
    `String ${HEADERS} Name List-Unsubscribe-Post`,
    `String ${HEADERS} Name msip_labels`,
    `String ${PUBLIC} Name OrderNumber`,
    `Binary ${COMMON} Id 0x8520`,
    'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Color',
    'Integer {66f5a359-4659-4830-9070-00047ec6ac6e} Id 0x8001',
  ])('%s is taken', (id) => {
    expect(single(id)).toBe('');
  });

  test('those of several values likewise', () => {
    const refusal = refusalOf({ multiValueExtendedProperties: [{ id: 'StringArray 0x0C1A', value: ['x'] }] });
    expect(refusal).toContain("'message.multiValueExtendedProperties[0]'");
  });
});

describe('annotations', () => {
  test.each([
    [{ 'from@odata.bind': "users('ceo@contoso.com')" }, 'message.from@odata.bind'],
    [{ '@odata.bind': 'x' }, 'message.@odata.bind'],
    [{ '@odata.id': 'x' }, 'message.@odata.id'],
    [{ '@odata.etag': { a: 1 } }, 'message.@odata.etag'],
    [{ toRecipients: [{ emailAddress: { address: 'a@example.com', '@x.y': '1' } }] }, 'message.toRecipients[0].emailAddress.@x.y'],
  ])('%j is refused', (message, path) => {
    expect(refusalOf(message)).toContain(`The annotation '${path}' is not accepted`);
  });

  test('what Graph adds to what is read, and types, are taken', () => {
    expect(
      refusalOf({
        '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata',
        '@odata.etag': 'W/"x"',
        'toRecipients@odata.type': '#Collection(microsoft.graph.recipient)',
      }),
    ).toBe('');
  });
});
