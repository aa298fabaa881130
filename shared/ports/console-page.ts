// The console as the HTTP API serves it: the files of the page, and what the page is told of the deployment.

export interface ConsoleFile {
  /** With the character set, as in Content-Type. */
  type: string;
  /** Quoted, as in ETag (RFC 9110 section 8.8.3). */
  etag: string;
  bytes: Uint8Array;
}

export interface ConsoleFiles {
  /** A file by its name, such as `app.js`; undefined if the page has no such file. Rejects if the package lacks its folder. */
  read(name: string): Promise<ConsoleFile | undefined>;
}

/** How people prove who they are: as the setting CALLER_AUTH says. */
export type ConsoleSignIn =
  | { kind: 'none' }
  | { kind: 'functionKey' }
  | {
      kind: 'entra';
      /** With the tenant. */
      authority: string;
      /** Absent: the app does not know with which application people sign in. */
      clientId?: string;
      /** Names the API by its application id: an application may ask for a token for itself in this form only (AADSTS90009). */
      scope?: string;
    };

/** What the page gets as `config.json`. Nothing in it is secret: it is given to anybody. */
export interface ConsoleConfig {
  version: string;
  signIn: ConsoleSignIn;
  /** On a laptop: origin of the mailbox viewer. Its pages are below /mailbox. */
  mailboxViewer?: string;
  /** Resource id. */
  applicationInsights?: string;
  /** Address of the portal with the tenant, in which that resource is opened. */
  portal?: string;
}
