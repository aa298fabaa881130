// The pauses as the page shows them: those of operators, of reports, and of limits.
import { asList, asObject, asText } from '../api/reading.ts';

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
  return asList(asObject(value)['value']).map((one) => {
    const json = asObject(one);
    return {
      id: asText(json['id']) ?? '',
      scope: asText(json['scope']) ?? '',
      name: asText(json['name']),
      reason: asText(json['reason']),
      setBy: asText(json['setBy']),
      setDateTime: asText(json['setDateTime']),
      until: asText(json['until']),
      nextProbeDateTime: asText(json['nextProbeDateTime']),
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
