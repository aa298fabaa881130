// Examples in the OpenAPI description. A test sends each of them.

export const MESSAGE_EXAMPLE = {
  subject: 'Invoice 4711',
  body: { contentType: 'Text', content: 'Please find the invoice in our portal.' },
  toRecipients: [{ emailAddress: { address: 'customer@example.com' } }],
};

const ATTACHMENT_EXAMPLE = {
  message: {
    ...MESSAGE_EXAMPLE,
    body: { contentType: 'HTML', content: '<p>Please find the invoice attached.</p>' },
    ccRecipients: [{ emailAddress: { name: 'Accounting', address: 'accounting@example.com' } }],
    replyTo: [{ emailAddress: { address: 'billing@contoso.com' } }],
    importance: 'high',
    internetMessageHeaders: [{ name: 'x-invoice', value: '4711' }],
    attachments: [
      {
        '@odata.type': '#microsoft.graph.fileAttachment',
        name: 'invoice.txt',
        contentType: 'text/plain',
        contentBytes: 'SW52b2ljZSA0NzEx',
      },
    ],
  },
};

export const MAIL_EXAMPLES = {
  text: { summary: 'A line of text', value: { message: MESSAGE_EXAMPLE, saveToSentItems: true } },
  attachment: { summary: 'HTML with an attachment and a custom header', value: ATTACHMENT_EXAMPLE },
};

export const REPLY_EXAMPLE = { comment: 'Thank you, we have received your order.' };

export const FORWARD_EXAMPLE = {
  comment: 'Please have a look.',
  toRecipients: [{ emailAddress: { name: 'Accounting', address: 'accounting@example.com' } }],
};

/** From, To, Subject and a line of text, as base64. */
export const MIME_EXAMPLE =
  'RnJvbTogc2VuZGVyQGNvbnRvc28uY29tDQpUbzogY3VzdG9tZXJAZXhhbXBsZS5jb20NClN1YmplY3Q6IEludm9pY2UgNDcxMQ0KDQpQbGVhc2UgZmluZCB0aGUgaW52b2ljZSBpbiBvdXIgcG9ydGFsLg0K';
