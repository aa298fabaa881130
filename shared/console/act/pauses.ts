// The pauses as the page shows them: those of operators, of reports, and of limits.
import { listOf, objectOf, textOf } from '../api/reading.ts';

export interface PauseView {
  id: string;
  scope: string;
  name?: string | undefined;
  reason?: string | undefined;
  setBy?: string | undefined;
  setDateTime?: string | undefined;
  until?: string | undefined;
  nextProbeDateTime?: string | undefined;
}

export function pausesOf(value: unknown): readonly PauseView[] {
  return listOf(objectOf(value)['value']).map((one) => {
    const json = objectOf(one);
    return {
      id: textOf(json['id']) ?? '',
      scope: textOf(json['scope']) ?? '',
      name: textOf(json['name']),
      reason: textOf(json['reason']),
      setBy: textOf(json['setBy']),
      setDateTime: textOf(json['setDateTime']),
      until: textOf(json['until']),
      nextProbeDateTime: textOf(json['nextProbeDateTime']),
    };
  });
}

const SCOPES: Readonly<Record<string, string>> = {
  everything: 'Everything',
  mailbox: 'The mailbox',
  application: 'The application',
  account: 'The account of',
  tenant: 'The tenant: all mail',
};

/** `The mailbox a@contoso.com` */
export function pausedInWords({ scope, name }: PauseView): string {
  const words = Object.hasOwn(SCOPES, scope) ? (SCOPES[scope] as string) : scope;
  return name === undefined ? words : `${words} ${name}`;
}
