// data: URLs in HTML: how long they are together, and when a mail is refused for them.
import { describe, expect, test } from 'vitest';
import { dataUrlLength, MAXIMUM_DATA_URL_LENGTH } from '../../../shared/domain/content/data-images.ts';
import { decodeSendMail } from '../../../shared/domain/content/decode-send-mail.ts';

describe('the data: URLs of a text', () => {
  test.each([
    ['', 0],
    ['<p>no image</p>', 0],
    ['<img src="data:,x">', 7],
    ["<img src='DATA:,x'>", 7],
    ['<img src=data:,x>', 7],
    ['<p style="background:url(data:,x)">', 7],
    ['<img src="data:,x"><img src="data:,yz">', 15],
    ['data:', 5],
    ['data:data:,x', 12],
    ['<img src="data:,AA\r\nAA\n\tAA">', 16],
    ['<img src="data:,AA AA">', 8],
  ])('of %j have %i characters', (html, length) => {
    expect(dataUrlLength(html)).toBe(length);
  });
});

describe('a mail in JSON', () => {
  const post = (contentType: string, content: string | null) => {
    const toRecipients = [{ emailAddress: { address: 'customer@example.com' } }];
    return decodeSendMail(new TextEncoder().encode(JSON.stringify({ message: { toRecipients, body: { contentType, content } } })), 500);
  };
  const image = (length: number) => `<img src="data:image/png;base64,${'A'.repeat(length - 'data:image/png;base64,'.length)}">`;

  test('may have data: images up to the limit, all together', () => {
    expect(post('HTML', image(MAXIMUM_DATA_URL_LENGTH))).toMatchObject({ ok: true });
    const half = MAXIMUM_DATA_URL_LENGTH / 2;
    expect(post('HTML', image(half) + image(half))).toMatchObject({ ok: true });
  });

  test('is refused above it, and told what to do', () => {
    const message = expect.stringMatching(/'message.body.content' have 2000001 characters.*cid:/);
    const problem = { status: 413, code: 'ErrorMessageSizeExceeded', message };
    expect(post('HTML', image(MAXIMUM_DATA_URL_LENGTH + 1))).toMatchObject({ ok: false, problem });
    const half = MAXIMUM_DATA_URL_LENGTH / 2;
    expect(post('html', image(half) + image(half + 1))).toMatchObject({ ok: false, problem });
  });

  test('may have any text that is no HTML', () => {
    expect(post('Text', image(MAXIMUM_DATA_URL_LENGTH + 1))).toMatchObject({ ok: true });
  });

  test('may have HTML without content', () => {
    expect(post('HTML', null)).toMatchObject({ ok: true });
  });
});
