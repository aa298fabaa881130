// What a file of this folder offers to `npx graph-mail-queue bench`: a set of cases that are measured on one stack.

/** Says how far a case is; on a terminal only. */
export type Progress = (text: string) => void;

export interface CaseSet {
  /** How it is named in `--only` and in the JSON. */
  name: string;
  /** Prints what it has measured as tables, and gives the same as JSON. */
  run(progress: Progress): Promise<unknown>;
}

/** One line that is written over and over. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return () => {};
  return (text) => stream.write(`\r\u001b[K${text}`);
}
