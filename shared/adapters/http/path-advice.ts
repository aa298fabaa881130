// What to do instead of a request that Graph would take and this service does not. The first row that fits counts.
import { MESSAGE_ACTIONS } from './routes.ts';

interface AdviceRow {
  /** Of the path in lower case, without slashes at its ends. */
  path: RegExp;
  advice: string;
}

const FOLDER = '^v1\\.0/users/[^/]+/mailfolders/[^/]+';
const MESSAGES = '^v1\\.0/users/[^/]+/(?:mailfolders/[^/]+/)?messages';

const ROWS: readonly AdviceRow[] = [
  {
    path: new RegExp(`${MESSAGES}/[^/]+/(?:attachments(?:/.*)?|(?:microsoft\\.graph\\.)?createuploadsession)$`),
    advice:
      'This service takes attachments only together with the message. Put them into the attachments of the message, up to MAXIMUM_MESSAGE_SIZE in all: this service opens upload sessions itself. To read or change attachments, ask Microsoft Graph.',
  },
  {
    path: new RegExp(`${MESSAGES}/[^/]+$`),
    advice:
      'This service does not read, change or delete messages: ask Microsoft Graph itself. The status of a mail is at sendRequests/{id}.',
  },
  {
    path: new RegExp(
      `${MESSAGES}/[^/]+/(?:\\$value|move|copy|permanentdelete|extensions.*|microsoft\\.graph\\.(?:move|copy|permanentdelete))$`,
    ),
    advice: 'This service only sends: to read, move or change a message, ask Microsoft Graph itself.',
  },
  {
    path: new RegExp(`${FOLDER}/messages/[^/]+/(?:microsoft\\.graph\\.)?(?:${[...MESSAGE_ACTIONS.keys()].join('|')})$`),
    advice: 'Leave the folder out: /v1.0/users/{mailbox}/messages/{id}/...',
  },
  {
    path: /^v1\.0\/users\/[^/]+\/mailfolders(?:\/.*)?$/,
    advice: 'Create drafts at messages or mailFolders/Drafts/messages. For other folders ask Microsoft Graph itself.',
  },
  {
    path: /^v1\.0\/\$batch$/,
    advice: 'Send each request by itself: an answer takes milliseconds.',
  },
  {
    path: /^v1\.0\/(?:.*\/)?(?:users|mailfolders|messages)\('[^']*'\)/,
    advice: 'Write each name and id as a segment of its own: /v1.0/users/{mailbox}/messages/{id}/..., or mailFolders/Drafts/messages.',
  },
  { path: /^beta(?:\/|$)/, advice: 'This service takes the paths of v1.0.' },
  { path: /^(?:users|me)(?:\/|$)/, advice: 'The base URL ends with /v1.0.' },
  { path: /^v1\.0\/v1\.0(?:\/|$)/, advice: 'The base URL ends with /v1.0 once.' },
];

/** `pathname`: of the URL. Undefined if there is nothing to say. */
export function adviceFor(pathname: string): string | undefined {
  const path = pathname.replace(/^\/|\/$/g, '').toLowerCase();
  return ROWS.find((row) => row.path.test(path))?.advice;
}
