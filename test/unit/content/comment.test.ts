// The comment of a reply in its draft: whether it is there, whatever Exchange made of it, and how it is put there.
import { describe, expect, test } from 'vitest';
import { hasComment, withComment } from '../../../shared/domain/content/comment.ts';

const html = (content: string) => ({ contentType: 'HTML', content });
const text = (content: string) => ({ contentType: 'text', content });

describe('a comment is found', () => {
  test.each([
    ['Thanks', html('<html><body><p>Thanks</p><hr>What was asked</body></html>')],
    ['a < b & c > d', html('<p>a &lt; b &amp; c &gt; d</p>')],
    ['"quoted", it\'s', html('<p>&quot;quoted&quot;, it&apos;s</p>')],
    ['Grüße €', html('Gr&#252;&#xDF;e &#X20AC;')],
    ['one\r\ntwo', html('<div>one<br>\n two&nbsp;</div>')],
    ['<b>bold</b>', html('<p><b class="x">bold</b></p>')],
    ['see <b y> z', html('<p>see &lt;b y&gt; z</p>')],
    ['a < b, c > d', text('a < b, c > d\r\n\r\nWhat was asked')],
    ['Thanks', text('Thanks\r\n\r\nWhat was asked')],
    ['&unknown; &#9999999;', html('&unknown; &#9999999;')],
  ])('%j', (comment, body) => {
    expect(hasComment(body, comment)).toBe(true);
  });

  test('only where it is', () => {
    expect(hasComment(html('<p>What was asked</p>'), 'Thanks')).toBe(false);
  });
});

describe('a comment is put', () => {
  test.each([
    ['Thanks', text('What was asked'), 'Thanks\r\n\r\nWhat was asked'],
    ['Thanks', html('<html><body lang="en"><hr></body></html>'), '<html><body lang="en"><div>Thanks</div><hr></body></html>'],
    ['a < b & c\nd > e', html('<p>x</p>'), '<div>a &lt; b &amp; c<br>d &gt; e</div><p>x</p>'],
    ['<b>bold</b>', html('x'), '<div><b>bold</b></div>x'],
  ])('%j', (comment, body, content) => {
    const put = withComment(body, comment);
    expect(put).toEqual({ contentType: body.contentType, content });
    expect(hasComment(put, comment)).toBe(true);
  });
});

test('a comment with a tag that is none is text', () => {
  expect(withComment(html('<html><body>x'), '<1> and <!>').content).toBe('<html><body><div>&lt;1&gt; and &lt;!&gt;</div>x');
});
