// What the page reads of the emulator, and the control calls behind its buttons.

export async function read<Data>(path: string): Promise<Data> {
  const answer = await fetch(`/viewer/${path}`);
  if (!answer.ok) throw new Error(await problemOf(answer));
  return (await answer.json()) as Data;
}

async function problemOf(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return `${answer.status} ${text}`.trim();
  }
}

export async function control(method: string, path: string, body?: unknown): Promise<void> {
  const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  const answer = await fetch(`/control/${path}`, { method, ...content });
  if (!answer.ok) throw new Error(await problemOf(answer));
}

/** The path of a mail, from its `{address}/{key}`. */
export function mailPath(mail: string): string {
  const at = mail.lastIndexOf('/');
  return `mails/${encodeURIComponent(mail.slice(0, at))}/${encodeURIComponent(mail.slice(at + 1))}`;
}
