// The token for Graph: fetched once, renewed in time, replaced when refused, never named in a reason.
import { describe, expect, it } from 'vitest';
import { GraphMailClient } from '../../../shared/adapters/graph/graph-mail-client.ts';
import { TokenSource } from '../../../shared/adapters/graph/token-source.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

const HOUR = 3_600_000;

describe('token source', () => {
  const signal = new AbortController().signal;
  const make = (failures: readonly number[] = []) => {
    const clock = new ManualClock();
    const made = { credentials: 0, tokens: 0, scopes: new Set<unknown>() };
    const makeCredential = () => {
      made.credentials++;
      return {
        getToken: async (scope: unknown) => {
          made.scopes.add(scope);
          made.tokens++;
          if (failures.includes(made.tokens)) throw new Error('the token endpoint is down');
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
    expect(made.scopes).toEqual(new Set(['https://graph.example.org/.default']));
  });

  it('each token is asked for with a new credential, whose cache is empty', async () => {
    const { made, source } = make();
    source.refused(await source.get(signal));
    expect(await source.get(signal)).toBe('token-2');
    expect(made.credentials).toBe(2);
  });

  it('however many calls were refused with a token, it is replaced once', async () => {
    const { made, source } = make();
    const first = await source.get(signal);
    for (let calls = 0; calls < 20; calls++) source.refused(first);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => source.get(new AbortController().signal))))).toEqual(
      new Set(['token-2']),
    );
    source.refused(first);
    expect(await source.get(signal)).toBe('token-2');
    expect(made.tokens).toBe(2);
  });

  it('if the next token is refused, too, another one is asked for five seconds later, again and again', async () => {
    const { clock, made, source } = make();
    source.refused(await source.get(signal));
    for (let number = 2; number < 6; number++) {
      expect(await source.get(signal)).toBe(`token-${number}`);
      source.refused(`token-${number}`);
      clock.advance(4_999);
      expect(await source.get(signal)).toBe(`token-${number}`);
      clock.advance(1);
    }
    expect(made.tokens).toBe(5);
  });

  it('a refused token that the endpoint hands out again stays refused', async () => {
    const clock = new ManualClock();
    let asked = 0;
    const getToken = async () => ({ token: 'the same', expiresOnTimestamp: clock.now() + ++asked * HOUR });
    const source = new TokenSource({ makeCredential: () => ({ getToken }), scope: 's', clock });
    source.refused(await source.get(signal));
    await source.get(signal);
    clock.advance(5_000);
    await source.get(signal);
    expect(asked).toBe(3);
  });

  it('a failure is not remembered', async () => {
    const { source } = make([1]);
    await expect(source.get(signal)).rejects.toThrow('down');
    expect(await source.get(signal)).toBe('token-2');
  });

  it('a replacement that fails is tried again after five seconds, and the refused token is not used meanwhile', async () => {
    const { clock, made, source } = make([2]);
    source.refused(await source.get(signal));
    for (let times = 0; times < 5; times++) await expect(source.get(signal)).rejects.toThrow('down');
    expect(made.tokens).toBe(2);
    clock.advance(5_000);
    expect(await source.get(signal)).toBe('token-3');
  });

  it('without a token nothing is sent, and the scope is that of the base URL', async () => {
    const { made, makeCredential, clock } = make([1]);
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
