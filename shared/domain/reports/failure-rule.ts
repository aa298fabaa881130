// What is known of one kind of failure: its code and words, its cause, and what to do.

/** The recipient's address, our own account or tenant, or the recipient's policy or state. */
export type FailureClass = 'address' | 'own-account' | 'recipient-policy';

export type FailureRule = {
  /** One code, a range of details (`5.7.606-649`), or `*`. */
  code: string;
  /** If a code has several meanings: the words that identify this one. */
  text?: RegExp;
  class: FailureClass;
  meaning: string;
  whatToDo: string;
};
