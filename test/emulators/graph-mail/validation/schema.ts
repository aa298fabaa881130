// The types of Graph's mail API that requests are checked against: names and types as in the v1.0 metadata document ($metadata).

export type PropertyTypes = Readonly<Record<string, string>>;

const outlookItem: PropertyTypes = {
  id: 'Edm.String',
  categories: 'Collection(Edm.String)',
  changeKey: 'Edm.String',
  createdDateTime: 'Edm.DateTimeOffset',
  lastModifiedDateTime: 'Edm.DateTimeOffset',
};

const attachment: PropertyTypes = {
  id: 'Edm.String',
  contentType: 'Edm.String',
  isInline: 'Edm.Boolean',
  lastModifiedDateTime: 'Edm.DateTimeOffset',
  name: 'Edm.String',
  size: 'Edm.Int32',
};

export const types: Readonly<Record<string, PropertyTypes>> = {
  message: {
    ...outlookItem,
    bccRecipients: 'Collection(recipient)',
    body: 'itemBody',
    bodyPreview: 'Edm.String',
    ccRecipients: 'Collection(recipient)',
    conversationId: 'Edm.String',
    conversationIndex: 'Edm.Binary',
    flag: 'followupFlag',
    from: 'recipient',
    hasAttachments: 'Edm.Boolean',
    importance: 'importance',
    inferenceClassification: 'inferenceClassificationType',
    internetMessageHeaders: 'Collection(internetMessageHeader)',
    internetMessageId: 'Edm.String',
    isDeliveryReceiptRequested: 'Edm.Boolean',
    isDraft: 'Edm.Boolean',
    isRead: 'Edm.Boolean',
    isReadReceiptRequested: 'Edm.Boolean',
    parentFolderId: 'Edm.String',
    receivedDateTime: 'Edm.DateTimeOffset',
    replyTo: 'Collection(recipient)',
    sender: 'recipient',
    sentDateTime: 'Edm.DateTimeOffset',
    subject: 'Edm.String',
    toRecipients: 'Collection(recipient)',
    uniqueBody: 'itemBody',
    webLink: 'Edm.String',
    attachments: 'Collection(attachment)',
    extensions: 'Collection(extension)',
    multiValueExtendedProperties: 'Collection(multiValueLegacyExtendedProperty)',
    singleValueExtendedProperties: 'Collection(singleValueLegacyExtendedProperty)',
  },
  recipient: { emailAddress: 'emailAddress' },
  emailAddress: { address: 'Edm.String', name: 'Edm.String' },
  itemBody: { content: 'Edm.String', contentType: 'bodyType' },
  attachment,
  fileAttachment: { ...attachment, contentBytes: 'Edm.Binary', contentId: 'Edm.String', contentLocation: 'Edm.String' },
  itemAttachment: { ...attachment, item: 'outlookItem' },
  referenceAttachment: attachment,
  attachmentItem: {
    attachmentType: 'attachmentType',
    contentId: 'Edm.String',
    contentType: 'Edm.String',
    isInline: 'Edm.Boolean',
    name: 'Edm.String',
    size: 'Edm.Int64',
  },
  followupFlag: {
    completedDateTime: 'dateTimeTimeZone',
    dueDateTime: 'dateTimeTimeZone',
    flagStatus: 'followupFlagStatus',
    startDateTime: 'dateTimeTimeZone',
  },
  dateTimeTimeZone: { dateTime: 'Edm.String', timeZone: 'Edm.String' },
  internetMessageHeader: { name: 'Edm.String', value: 'Edm.String' },
  singleValueLegacyExtendedProperty: { id: 'Edm.String', value: 'Edm.String' },
  multiValueLegacyExtendedProperty: { id: 'Edm.String', value: 'Collection(Edm.String)' },
  mailFolder: {
    id: 'Edm.String',
    childFolderCount: 'Edm.Int32',
    displayName: 'Edm.String',
    isHidden: 'Edm.Boolean',
    parentFolderId: 'Edm.String',
    totalItemCount: 'Edm.Int32',
    unreadItemCount: 'Edm.Int32',
  },
};

export const enumerations: Readonly<Record<string, readonly string[]>> = {
  bodyType: ['text', 'html'],
  importance: ['low', 'normal', 'high'],
  inferenceClassificationType: ['focused', 'other'],
  followupFlagStatus: ['notFlagged', 'complete', 'flagged'],
  attachmentType: ['file', 'item', 'reference'],
  exchangeIdFormat: ['entryId', 'ewsId', 'immutableEntryId', 'restId', 'restImmutableEntryId'],
};

/** Types whose properties are not checked: what is in them is carried, not understood. */
export const opaqueTypes: readonly string[] = ['event', 'contact', 'outlookItem', 'extension'];
