// From a mail in the mailbox viewer to its send request in the app's console.

/** The header, and the property that a mail has if there was no room for the header. */
const MARKS = ['x-send-request-id', 'String {00020329-0000-0000-C000-000000000046} Name SendRequestId'];

/** Tells the Graph emulator where a mail's send request is shown, if both parts run here. */
export async function linkMails({ functions, graphControl }: Readonly<Record<string, string>>): Promise<void> {
  if (functions === undefined || graphControl === undefined) return;
  const link = { text: 'Send request in the console', url: `${functions}/console#/sendRequests/{mailbox}/{mark}`, marks: MARKS };
  const answer = await fetch(`${graphControl}/mail-link`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(link),
  });
  if (!answer.ok) throw new Error(`the Graph emulator takes no link: ${answer.status} ${await answer.text()}`);
}
