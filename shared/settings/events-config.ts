// What config.ts reads about events.
import type { SettingName } from './settings.ts';

export interface EventsConfig {
  endpoint: string;
  /** Of an emulator; absent: the managed identity signs in. */
  key: string | undefined;
  clientId: string | undefined;
  source: string;
  data: 'minimal' | 'full';
}

interface SettingsReader {
  text(name: SettingName): string | undefined;
  require(setting: SettingName, ok: boolean, words: string): void;
}

/** RFC 3986. */
const URI_REFERENCE = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]{1,200}$/;

export function checkEvents(reader: SettingsReader): void {
  const endpoint = reader.text('EVENT_GRID_TOPIC_ENDPOINT');
  // The client sends the token of a managed identity over https only.
  reader.require(
    'EVENT_GRID_TOPIC_ENDPOINT',
    !endpoint?.startsWith('http:') || reader.text('EVENT_GRID_TOPIC_KEY') !== undefined,
    'is not an https URL. Only an emulator, with EVENT_GRID_TOPIC_KEY, may have http. Example: https://contoso-mail.westeurope-1.eventgrid.azure.net/api/events',
  );
  reader.require(
    'EVENT_SOURCE',
    URI_REFERENCE.test(reader.text('EVENT_SOURCE') ?? ''),
    'is not a URI reference of at most 200 characters. Example: /graph-mail-queue/func-mail-abc123',
  );
}

/** Undefined: events are off. */
export function eventsConfigOf(reader: SettingsReader): EventsConfig | undefined {
  const endpoint = reader.text('EVENT_GRID_TOPIC_ENDPOINT');
  if (endpoint === undefined) return undefined;
  return {
    endpoint,
    key: reader.text('EVENT_GRID_TOPIC_KEY'),
    clientId: reader.text('EVENT_GRID__clientId'),
    source: reader.text('EVENT_SOURCE') as string,
    data: reader.text('EVENT_DATA') as EventsConfig['data'],
  };
}
