// What is said of a setting.

export type SettingKind = 'duration' | 'integer' | 'decimal' | 'bytes' | 'boolean' | 'text' | 'url' | 'ncrontab' | readonly string[];

export interface Setting {
  name: string;
  kind: SettingKind;
  /** Absent: the setting may be left out and has no value then. */
  default?: string;
  minimum?: number;
  maximum?: number;
  /** An empty value is an error, because nobody knows what it means, and the default may be the opposite. */
  emptyIsAnError?: true;
  meaning: string;
  example: string;
}
