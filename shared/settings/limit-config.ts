// Reads the settings of Exchange's limits, and checks them together.
import { asciiDomain } from '../domain/address/domain-name.ts';
import { allowanceOf, type LimitRules } from '../domain/limits/limit-rules.ts';
import type { LimitSettingName } from './limit-settings.ts';

interface SettingReader {
  text(name: LimitSettingName): string | undefined;
  /** NaN if there is none. */
  number(name: LimitSettingName): number;
  require(setting: LimitSettingName, ok: boolean, words: string): void;
}

/** Values that are separated by commas. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

const DOMAIN = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

/** As A-labels. */
export const acceptedDomains = (reader: SettingReader): string[] =>
  listOf(reader.text('ACCEPTED_DOMAINS')).map((domain) => asciiDomain(domain) ?? domain);

/** What is wrong with the settings of the limits together. */
export function checkLimits(reader: SettingReader): void {
  const licences = reader.text('TENANT_LICENCES');
  const allowance = licences === undefined ? undefined : allowanceOf(licences);
  const given = reader.number('TENANT_EXTERNAL_RECIPIENTS_PER_DAY');
  reader.require(
    'TENANT_LICENCES',
    licences === undefined || allowance !== undefined,
    `is "${licences}": must be a whole number above 0, or trial. Example: 250`,
  );
  reader.require(
    'TENANT_EXTERNAL_RECIPIENTS_PER_DAY',
    !(given > (allowance ?? Number.POSITIVE_INFINITY)),
    `must be at most ${allowance}, which Exchange allows a tenant with TENANT_LICENCES=${licences}. Example: ${allowance}`,
  );
  const domains = acceptedDomains(reader);
  const isCounted = licences !== undefined || reader.text('TENANT_EXTERNAL_RECIPIENTS_PER_DAY') !== undefined;
  reader.require(
    'ACCEPTED_DOMAINS',
    !isCounted || domains.length > 0,
    'is missing. With TENANT_LICENCES or TENANT_EXTERNAL_RECIPIENTS_PER_DAY it says which recipients are external. Example: contoso.com,contoso.onmicrosoft.com',
  );
  const wrong = domains.find((domain) => !DOMAIN.test(domain));
  reader.require('ACCEPTED_DOMAINS', wrong === undefined, `has "${wrong}", which is not a domain. Example: contoso.com`);
}

/** Undefined: nothing is counted. */
export function limitRulesOf(reader: SettingReader): LimitRules | undefined {
  if (reader.text('EXCHANGE_LIMITS') === 'off') return undefined;
  const licences = reader.text('TENANT_LICENCES');
  const given = reader.text('TENANT_EXTERNAL_RECIPIENTS_PER_DAY');
  return {
    messagesPerMinute: reader.number('MAILBOX_MESSAGES_PER_MINUTE'),
    recipientsPerDay: reader.number('MAILBOX_RECIPIENTS_PER_DAY'),
    tenantExternalRecipientsPerDay: given === undefined ? allowanceOf(licences ?? '') : Number(given),
    acceptedDomains: acceptedDomains(reader),
    share: reader.number('LIMIT_SHARE'),
    urgentReserve: reader.number('LIMIT_URGENT_RESERVE'),
  };
}
