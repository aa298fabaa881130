// The values of a route come from its path alone.
import { describe, expect, test } from 'vitest';
import { routeValues } from '../../../shared/adapters/http/route-values.ts';

const SEND_MAIL = 'v1.0/users/{mailbox}/sendMail';

describe('the values of a route', () => {
  test.each([
    [SEND_MAIL, '/v1.0/users/ada@contoso.com/sendMail', { mailbox: 'ada@contoso.com' }],
    [SEND_MAIL, '/v1.0/users/ada%40contoso.com/sendMail/', { mailbox: 'ada@contoso.com' }],
    [SEND_MAIL, '/V1.0/USERS/gr%C3%BC%C3%9Fe/SENDMAIL', { mailbox: 'grüße' }],
    [SEND_MAIL, '/v1.0/users/a/sendMail?mailbox=b&MAILBOX=c', { mailbox: 'a' }],
    [SEND_MAIL, '/v1.0/users/a%252Fb/sendMail', { mailbox: 'a%2Fb' }],
    [SEND_MAIL, '/v1.0/users/a%25FF/sendMail', { mailbox: 'a%FF' }],
    [SEND_MAIL, '/v1.0/users/a%FF/sendMail', { mailbox: 'a%FF' }],
    ['v1.0/users/{mailbox}/messages/{message}/reply', '/v1.0/users/a/messages/AAMk%3D/reply', { mailbox: 'a', message: 'AAMk=' }],
    ['messages/{message}/microsoft.graph.{action}', '/messages/1/microsoft.graph.createReply', { message: '1', action: 'createReply' }],
    ['{*path}', '/v1.0/x//y', { path: 'v1.0/x//y' }],
    ['{*path}', '/', {}],
    ['health/live', '/health/live?id=1', {}],
  ])('%s of %s', (template, path, values) => {
    expect(routeValues(template, `http://localhost${path}`)).toEqual(values);
  });
});
