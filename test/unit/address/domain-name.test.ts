// A domain in its one spelling, and which domains a pattern means: what is no domain means none.
import { describe, expect, test } from 'vitest';
import { asciiDomain, domainFits, unicodeDomain } from '../../../shared/domain/address/domain-name.ts';

describe('a domain', () => {
  test.each([
    ['exämple.com', 'xn--exmple-cua.com'],
    ['XN--EXMPLE-CUA.com', 'xn--exmple-cua.com'],
    ['[IPv6:2001:DB8::1]', '[ipv6:2001:db8::1]'],
  ])('%s has one spelling', (domain, ascii) => {
    expect(asciiDomain(domain)).toBe(ascii);
  });

  test.each(['ü\u0000.com', '１', 'ü ü'])('%j is none', (domain) => {
    expect(asciiDomain(domain)).toBeUndefined();
  });

  test('is shown as people read it, and as it is where it cannot be read', () => {
    expect(unicodeDomain('xn--exmple-cua.com')).toBe('exämple.com');
    expect(unicodeDomain('xn--a')).toBe('xn--a');
  });
});

describe('a pattern', () => {
  test('means its domain, or those below it', () => {
    expect(domainFits('exämple.com', 'xn--exmple-cua.com')).toBe(true);
    expect(domainFits('*.exämple.com', 'a.xn--exmple-cua.com')).toBe(true);
    expect(domainFits('*.exämple.com', 'xn--exmple-cua.com')).toBe(false);
  });

  test('means nothing that has no domain, and nothing if it is none itself', () => {
    expect(domainFits('contoso.com', undefined)).toBe(false);
    expect(domainFits('１', '1')).toBe(false);
  });
});
