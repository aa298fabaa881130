// The token for Graph: fetched once, renewed in time, forgotten when refused, never named in a reason.
import { describe, expect, it } from 'vitest';
import { GraphMailClient } from '../../../shared/adapters/graph/graph-mail-client.ts';
import { TokenSource } from '../../../shared/adapters/graph/token-source.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

const HOUR = 3_600_000;

describe('token source', () => {
  const signal = new AbortController().signal;
  const make = (failures = 0) => {
    const clock = new ManualClock();
    const made = { credentials: 0, tokens: 0, scopes: new Set<unknown>() };
    const makeCredential = () => {
      made.credentials++;
      return {
        getToken: async (scope: unknown) => {
          made.scopes.add(scope);
          made.tokens++;
          if (made.tokens <= failures) throw new Error('the token endpoint is down');
          return { token: `token-${made.tokens}`, expiresOnTimestamp: clock.now() + HOUR };
        },
      };
    };
    return { clock, made, makeCredential, source: new TokenSource({ makeCredential, scope: 'https://graph.example.org/.default', clock }) };
  };

  it('calls at the same time share one token, and later ones use it until five minutes before its end', async () => {
    const { clock, made, source } = make();
    expect(await Promise.all([source.get(signal), source.get(signal)])).toEqual(['token-1', 'token-1']);
    clock.advance(HOUR - 300_001);
    expect(await source.get(signal)).toBe('token-1');
    clock.advance(1);
    expect(await source.get(signal)).toBe('token-2');
    expect(made).toMatchObject({ credentials: 1, scopes: new Set(['https://graph.example.org/.default']) });
  });

  it('after a refusal a new credential is asked, whose cache is empty', async () => {
    const { made, source } = make();
    await source.get(signal);
    source.drop();
    expect(await source.get(signal)).toBe('token-2');
    expect(made.credentials).toBe(2);
  });

  it('a token that was asked for before a refusal is not kept', async () => {
    const { source } = make();
    const early = source.get(signal);
    source.drop();
    expect(await early).toBe('token-1');
    expect(await source.get(signal)).toBe('token-2');
  });

  it('a failure is not remembered', async () => {
    const { source } = make(1);
    await expect(source.get(signal)).rejects.toThrow('down');
    expect(await source.get(signal)).toBe('token-2');
  });

  it('without a token nothing is sent, and the scope is that of the base URL', async () => {
    const { made, makeCredential, clock } = make(1);
    const graph = new GraphMailClient({ baseUrl: 'https://graph.example.org/', makeCredential, clock });
    const answer = await graph.sendDraft({ mailbox: 'a@contoso.com', clientRequestId: 'c', timeoutMs: 1_000 }, 'id');
    expect(answer).toEqual({ kind: 'notSent', reason: 'no token: the token endpoint is down' });
    expect(made.scopes).toEqual(new Set(['https://graph.example.org/.default']));
  });

  it('a token that does not come in time means that nothing was sent', async () => {
    const makeCredential = () => ({ getToken: () => new Promise<never>(() => {}) });
    const graph = new GraphMailClient({ baseUrl: 'https://graph.example.org', makeCredential, clock: new ManualClock() });
    const answer = await graph.sendDraft({ mailbox: 'a@contoso.com', clientRequestId: 'c', timeoutMs: 20 }, 'id');
    expect(answer).toEqual({ kind: 'notSent', reason: 'no token: No token in time' });
  });
});
