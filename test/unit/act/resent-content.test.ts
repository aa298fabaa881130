// A mail that is sent again has nothing that identifies the first one, but refers to it.
import { describe, expect, test } from 'vitest';
import { COPY_FIELD_RULES, contentOfCopy, freshContent, mayBeKnown } from '../../../shared/domain/act/resent-content.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { record } from '../../support/samples.ts';

const NOW = '2026-01-15T10:00:00.000Z';
const FIRST = '<first@contoso.com>';
const bytes = (text: string) => new TextEncoder().encode(text);
const mail = (more: Partial<SendRequestRecord> = {}) =>
  record('sender@contoso.com', { internetMessageId: FIRST, status: 'failed', acceptedDateTime: '2026-01-15T09:00:00.000Z', ...more });
const unsent = (more: Partial<SendRequestRecord> = {}) =>
  record('sender@contoso.com', { internetMessageId: FIRST, status: 'rejected', ...more });

function fresh(of: SendRequestRecord, content: string | object) {
  const made = freshContent(of, bytes(typeof content === 'string' ? content : JSON.stringify(content)));
  if (!made.ok) return made.problem;
  const text = new TextDecoder().decode(made.value);
  return typeof content === 'string' ? text : (JSON.parse(text) as unknown);
}

test('Exchange may know a mail that it has accepted, and one that is unaccounted', () => {
  expect([mail(), unsent({ status: 'unaccounted' }), unsent()].map(mayBeKnown)).toEqual([true, true, false]);
});

const references = (value: string) => ({ id: 'String 0x1039', value });

describe('of JSON that was posted', () => {
  test('the Message-ID goes, and the new mail refers to the first', () => {
    expect(fresh(mail(), { message: { subject: 'x', internetMessageId: FIRST } })).toEqual({
      message: { subject: 'x', singleValueExtendedProperties: [references(FIRST)] },
    });
    expect(fresh(mail({ operation: 'createDraft' }), { subject: 'x' })).toEqual({
      subject: 'x',
      singleValueExtendedProperties: [references(FIRST)],
    });
  });

  test('the references that the caller has set stay', () => {
    const other = { id: 'String {11111111-2222-3333-4444-555555555555} Name X', value: 'y' };
    const message = { singleValueExtendedProperties: [other, { id: 'string 0x01039', value: '<root@contoso.com>' }] };
    expect(fresh(mail(), { message })).toEqual({
      message: { singleValueExtendedProperties: [other, references(`<root@contoso.com> ${FIRST}`)] },
    });
    expect(fresh(mail(), { message: { singleValueExtendedProperties: [{ id: 'String 0x1039', value: null }] } })).toEqual({
      message: { singleValueExtendedProperties: [references(FIRST)] },
    });
  });

  test('an answer has the references that Exchange gives it', () => {
    expect(fresh(mail({ operation: 'reply' }), { comment: 'x', message: { internetMessageId: FIRST } })).toEqual({
      comment: 'x',
      message: {},
    });
  });

  test('that Exchange never had, only the Message-ID of the caller goes', () => {
    expect(fresh(unsent({ callerSetMessageId: true }), { message: { internetMessageId: FIRST, subject: 'x' } })).toEqual({
      message: { subject: 'x' },
    });
    expect(fresh(unsent(), '{ "message": {} }')).toBe('{ "message": {} }');
  });

  test('what is no JSON is refused', () => {
    expect(fresh(mail(), '{')).toMatchObject({ status: 400 });
  });
});

describe('of MIME that was posted', () => {
  test('the Message-ID goes, and the new mail refers to the first; no other byte changes', () => {
    expect(fresh(mail({ format: 'mime' }), `Subject: x\r\nMessage-ID: ${FIRST}\r\nX-Own: 1\r\n\r\nMessage-ID: body\r\n`)).toBe(
      `References: ${FIRST}\r\nSubject: x\r\nX-Own: 1\r\n\r\nMessage-ID: body\r\n`,
    );
  });

  test('references grow by the first mail, to twenty at most: the root and the latest', () => {
    const ids = Array.from({ length: 30 }, (_, n) => `<${n}@contoso.com>`);
    const text = fresh(mail({ format: 'mime' }), `References: ${ids.join('\n ')}\nSubject: x\n\ny`) as string;
    const [head = '', body] = text.split('Subject');
    expect(head.split('\n').length - 1).toBe(20);
    expect(head).toMatch(/^References: <0@contoso\.com>\n <12@contoso\.com>\n/);
    expect(head).toMatch(/<29@contoso\.com>\n <first@contoso\.com>\n$/);
    expect(body).toBe(': x\n\ny');
  });

  test('that Exchange never had, not a byte changes', () => {
    expect(fresh(unsent({ format: 'mime' }), 'no header')).toBe('no header');
    expect(fresh(mail({ format: 'none' }), '')).toBe('');
  });

  test('without a header is refused', () => {
    expect(fresh(mail({ format: 'mime' }), 'no header')).toMatchObject({ status: 400 });
  });
});

describe('of the copy', () => {
  const copyOf = (of: SendRequestRecord, copy: string) => {
    const made = contentOfCopy(of, bytes(copy), NOW);
    return made.ok ? new TextDecoder().decode(made.value) : made.problem;
  };
  const MIME = `From: Sender <sender@contoso.com>\r\nDate: Thu, 1 Jan 2026 08:00:00 +0000\r\nTo: a@example.com\r\nSubject: x\r\n\r\nReceived: body\r\n`;

  test('of MIME that was posted, all of it stays, byte for byte', () => {
    const of = mail({ format: 'mime' });
    expect(copyOf(of, `x-send-request-id: ${of.id}\r\nMessage-ID: ${FIRST}\r\n${MIME}`)).toBe(`References: ${FIRST}\r\n${MIME}`);
  });

  test('nothing stays that Exchange has written or that identifies the first mail', () => {
    const added = COPY_FIELD_RULES.map(({ name }) => `${name.endsWith('-') ? `${name}something` : name}: x\r\n continued\r\n`).join('');
    expect(COPY_FIELD_RULES.length).toBeGreaterThan(10);
    expect(copyOf(mail({ format: 'mime' }), `Message-ID: ${FIRST}\r\n${added}X-Own: 1\r\n${MIME}`)).toBe(
      `References: <x continued>\r\n ${FIRST}\r\nX-Own: 1\r\n${MIME}`.replace('<x continued>\r\n ', ''),
    );
  });

  test('of JSON has the From that was asked for and a Date of its own: the owner of the mailbox can edit the copy', () => {
    const rest = 'To: a@example.com\r\nSubject: x\r\n\r\nReceived: body\r\n';
    const copy = `Message-ID: ${FIRST}\r\nFrom: "The CEO" <ceo@contoso.com>\r\nSender: ceo@contoso.com\r\nDate: Thu, 1 Jan 2026 08:00:00 +0000\r\n${rest}`;
    const top = (from: string) => `From: ${from}\r\nDate: Thu, 15 Jan 2026 10:00:00 +0000\r\nReferences: ${FIRST}\r\n${rest}`;
    expect(copyOf(mail(), copy)).toBe(top('"The CEO" <sender@contoso.com>'));
    expect(copyOf(mail({ from: 'noreply@contoso.com' }), copy.replace(/From: .*\r\n/, ''))).toBe(top('noreply@contoso.com'));
  });

  test('of a mailbox that is known by its object id keeps its authors, which the sender policy judges', () => {
    const of = { ...mail(), mailbox: '11111111-2222-3333-4444-555555555555' };
    expect(copyOf(of, `Message-ID: ${FIRST}\r\nFrom: sender@contoso.com\r\nSubject: x\r\n\r\ny`)).toBe(
      `Date: Thu, 15 Jan 2026 10:00:00 +0000\r\nReferences: ${FIRST}\r\nFrom: sender@contoso.com\r\nSubject: x\r\n\r\ny`,
    );
  });

  test('is recognised by its Message-ID or by our header; another mail under its id is refused', () => {
    const of = mail({ format: 'mime' });
    expect(copyOf(of, `X-Send-Request-Id: ${of.id.toUpperCase()}\r\nMessage-ID: <rewritten@prod.outlook.com>\r\n${MIME}`)).toContain(
      'Subject: x',
    );
    expect(copyOf(of, `Message-ID: <other@contoso.com>\r\n${MIME}`)).toMatchObject({
      status: 409,
      message: expect.stringContaining('another mail'),
    });
  });

  test('that cannot be read is refused', () => {
    expect(copyOf(mail(), 'no header')).toMatchObject({ status: 400 });
    expect(copyOf(mail(), `Message-ID: ${FIRST}\r\nFrom: a@b@c\r\n\r\nx`)).toMatchObject({ status: 400 });
  });
});
