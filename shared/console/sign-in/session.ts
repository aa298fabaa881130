// Who uses the page: how it proves that to the API, and what it may do.

export interface Session {
  /** In words, for the head of the page. */
  who: string;
  /** The roles that the person was given; undefined: the page cannot know. */
  roles: readonly string[] | undefined;
  /** Headers that prove it; undefined: the sign-in has expired. */
  headers(): Promise<Record<string, string> | undefined>;
  /** Ask for it again, and come back to this place. */
  signInAgain(): Promise<void>;
  signOut?(): Promise<void>;
}

export type SessionStart =
  | { kind: 'ready'; session: Session }
  | { kind: 'signedOut'; signIn: () => Promise<void> }
  | { kind: 'keyWanted'; take: (key: string) => Session }
  | { kind: 'impossible'; why: string };

/** Whether the person has the role; true if the page cannot know: then the API says so. */
export const mayHave = ({ roles }: Session, role: string): boolean => roles === undefined || roles.includes(role);
