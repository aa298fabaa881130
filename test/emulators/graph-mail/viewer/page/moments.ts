// Local times, with UTC for whoever points at them.
import { element } from './dom.ts';

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' });

export const moment = (iso: string): HTMLElement => element('time', { datetime: iso, title: `${iso} (UTC)` }, local.format(new Date(iso)));

export const sizeText = (bytes: number): string =>
  bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
