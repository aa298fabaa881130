// Which extended properties a caller may set, as data. Other properties could change the sender, the kind of the item or its delivery.
// Ids: https://learn.microsoft.com/graph/api/resources/extended-properties-overview; meanings: MS-OXPROPS section 2.

export interface TagRule {
  /** Graph's type word in lower case, and the property id. */
  type: string;
  tag: number;
  reason: string;
}

/** Properties by tag. Not here: sender and sent-representing names and addresses (0x0C19-0x0C1F, 0x0041-0x0065, 0x5D01 ff.), the message class (0x001A), flags (0x0E07). */
export const TAG_RULES: readonly TagRule[] = [
  { type: 'systemtime', tag: 0x000f, reason: 'PidTagDeferredDeliveryTime: taken as Send-At and left out' },
  { type: 'systemtime', tag: 0x3fef, reason: 'PidTagDeferredSendTime: taken as Send-At and left out' },
  { type: 'systemtime', tag: 0x0015, reason: 'PidTagExpiryTime: until when the mail is of use' },
  { type: 'systemtime', tag: 0x0030, reason: 'PidTagReplyTime: until when an answer is wanted' },
  { type: 'integer', tag: 0x0017, reason: 'PidTagImportance, as the property importance' },
  { type: 'integer', tag: 0x0026, reason: 'PidTagPriority' },
  { type: 'integer', tag: 0x0036, reason: 'PidTagSensitivity, which Graph has no property for (MS-OXCMAIL 2.1.3.2.13)' },
  { type: 'boolean', tag: 0x0023, reason: 'PidTagOriginatorDeliveryReportRequested, as the property isDeliveryReceiptRequested' },
  { type: 'boolean', tag: 0x0029, reason: 'PidTagReadReceiptRequested, as the property isReadReceiptRequested' },
  { type: 'string', tag: 0x0070, reason: 'PidTagConversationTopic: threads' },
  { type: 'binary', tag: 0x0071, reason: 'PidTagConversationIndex: threads' },
  { type: 'string', tag: 0x1039, reason: 'PidTagInternetReferences: threads' },
  { type: 'string', tag: 0x1042, reason: 'PidTagInReplyToId: threads' },
  { type: 'string', tag: 0x1043, reason: 'PidTagListHelp (RFC 2369)' },
  { type: 'string', tag: 0x1044, reason: 'PidTagListSubscribe (RFC 2369)' },
  { type: 'string', tag: 0x1045, reason: 'PidTagListUnsubscribe (RFC 2369)' },
  { type: 'integer', tag: 0x3fde, reason: 'PidTagInternetCodepage: the charset of the mail' },
  { type: 'integer', tag: 0x5909, reason: 'PidTagMessageEditorFormat: text or HTML' },
];

/** Header fields by a named property of PS_INTERNET_HEADERS, in lower case; a name that ends in `-` stands for all that begin so. */
export const HEADER_RULES: readonly { name: string; reason: string }[] = [
  { name: 'x-', reason: 'the sender’s own, as in internetMessageHeaders' },
  { name: 'list-', reason: 'RFC 2369, 2919 and 8058: lists and how to leave them' },
  { name: 'auto-submitted', reason: 'RFC 3834: no automatic answers' },
  { name: 'precedence', reason: 'RFC 2076: bulk mail' },
  { name: 'feedback-id', reason: 'counts complaints per campaign' },
  { name: 'in-reply-to', reason: 'RFC 5322 section 3.6.4: threads' },
  { name: 'references', reason: 'RFC 5322 section 3.6.4: threads' },
  { name: 'msip_labels', reason: 'sensitivity labels of Microsoft Purview' },
];

/** Left out because Exchange acts on these by itself. */
export const RESERVED_HEADERS: readonly string[] = ['x-ms-exchange-', 'x-originating-ip'];

export const PS_INTERNET_HEADERS = '00020386-0000-0000-c000-000000000046';
export const PS_PUBLIC_STRINGS = '00020329-0000-0000-c000-000000000046';

/** Named properties by number (`Id 0x...`) in Microsoft's property sets. */
export const NUMBER_RULES: readonly { set: string; numbers: readonly number[]; reason: string }[] = [
  {
    set: '00062008-0000-0000-c000-000000000046',
    numbers: [0x8501, 0x8502, 0x8503, 0x8520, 0x8530, 0x8560],
    reason: 'PSETID_Common: reminders, voting buttons, the text of a flag',
  },
];

/** Property sets of Microsoft's (MS-OXPROPS section 1.3.2): only what is listed above. Every other GUID is an application's own. */
export const MICROSOFT_SETS: readonly RegExp[] = [
  /^000[0-9a-f]{5}-0000-0000-c000-000000000046$/,
  /^(?:6ed8da90-450b-101b-98da-00aa003f1305|4442858e-a9e3-4e80-b900-317a210cc15b|71035549-0739-4dcb-9163-00f0580dbbdf)$/,
  /^(?:11000e07-b51b-40d6-af21-caa85edab1d0|23239608-685d-4732-9c55-4c95cb4e8e33|41f28f13-83f4-4114-a584-eedb5a6b0bff)$/,
  /^(?:96357f7f-59e1-47d0-99a7-46515c183b54|00020328-0000-0000-c000-000000000046)$/,
];
