// Follows the emulator's changes while the page is visible.

export function followChanges(changed: () => void, say: (text: string) => void): void {
  let stream: EventSource | undefined;
  const open = () => {
    stream = new EventSource('/viewer/changes');
    stream.addEventListener('open', () => say('live'));
    stream.addEventListener('message', changed);
    stream.addEventListener('error', () => say('The emulator does not answer. The page shows what it knew last.'));
  };
  const close = () => {
    stream?.close();
    stream = undefined;
  };
  document.addEventListener('visibilitychange', () => {
    close();
    if (document.visibilityState === 'visible') open();
  });
  open();
}
