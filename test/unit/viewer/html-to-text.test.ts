// The plain rendering of HTML: what is left of it, and that no body makes it slow.
import { expect, test } from 'vitest';
import { htmlToText } from '../../emulators/graph-mail/mime/html-to-text.ts';

test.each([
  ['<p>One</p><p>Two<br>Three</p>', 'One\r\nTwo\r\nThree'],
  ['<head><title>x</title></head><STYLE>p{}</STYLE ><script>if (a > b) c()</script>left', 'left'],
  ['a <script>never closed', 'a never closed'],
  ['1 < 2 and &lt;b&gt; &amp; &#65;&#x42; &unknown;', '1 < 2 and <b> & AB &unknown;'],
  ['two\nlines  of\t one', 'two lines of one'],
  ['<header>kept</header>', 'kept'],
])('%j is %j', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

// In quadratic time each of them takes minutes.
test.each(['<', '<script>', '<style ', '</p>', '&#', 'a <'])('a megabyte of %j takes no longer than another body of its size', (part) => {
  expect(htmlToText(part.repeat(1_000_000 / part.length)).length).toBeLessThanOrEqual(2_000_000);
});
