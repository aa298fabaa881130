// The form of the tenant's answers, and the issuer of its tokens.
import type { Answer } from '../http/answer.ts';
import { tenantId } from './tokens.ts';

export const plain = (status: number, json: unknown): Answer => ({
  status,
  json,
  // Pages of other origins read these answers: discovery, keys, and the tokens of single-page applications.
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', 'Access-Control-Allow-Origin': '*' },
});

export const refused = (status: number, error: string, description: string) => plain(status, { error, error_description: description });

export const issuerOf = (baseUrl: string) => `${baseUrl}/${tenantId}/v2.0`;
