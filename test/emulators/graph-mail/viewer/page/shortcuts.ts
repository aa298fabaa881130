// Single-key shortcuts. They can be switched off (WCAG 2.2, 2.1.4), and never act while somebody types.

export type Action = 'next' | 'previous' | 'search' | 'back' | 'help';

export const shortcuts: readonly { keys: string; action: Action | 'open'; does: string }[] = [
  { keys: 'j', action: 'next', does: 'the next mail' },
  { keys: 'k', action: 'previous', does: 'the previous mail' },
  { keys: 'Enter', action: 'open', does: 'open the mail that has the focus' },
  { keys: '/', action: 'search', does: 'search' },
  { keys: 'Esc', action: 'back', does: 'close the mail, or leave the search' },
  { keys: '?', action: 'help', does: 'this help' },
];

const byKey: Readonly<Record<string, Action>> = { j: 'next', k: 'previous', '/': 'search', Escape: 'back', '?': 'help' };

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** `isTyping`: the focus is in a field; then only Esc acts. `isOn`: whether single keys act at all. */
export function actionOf({ key, ctrlKey, metaKey, altKey }: Pressed, isTyping: boolean, isOn: boolean): Action | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const action = Object.hasOwn(byKey, key) ? byKey[key] : undefined;
  if (key === 'Escape') return action;
  return isTyping || !isOn ? undefined : action;
}
