// What users report of large data: images in HTML: Graph answers 202, and the mail goes out empty. https://developer.mozilla.org/docs/Web/URI/Reference/Schemes/data
import type { MessageContent } from '../store/item.ts';

const LIMIT = 2 * 1024 * 1024;

export function withoutLargeDataImages(content: MessageContent): MessageContent {
  const { body } = content;
  if (body.contentType.toLowerCase() !== 'html') return content;
  const images = body.content.match(/data:image\/[^"'\s>)]*/gi) ?? [];
  return images.some((image) => image.length > LIMIT) ? { ...content, body: { ...body, content: '' } } : content;
}
