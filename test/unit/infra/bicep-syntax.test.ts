// Every Bicep file parses, and every parameter and output says what it is and what it may be.

import { describe, expect, it } from 'vitest';
import type { Node } from 'web-tree-sitter';
import { BICEP_FILES, children, ofType, parse } from './bicep.ts';

const faults = (root: Node): string[] =>
  root.hasError ? ofType(root, 'ERROR').map((n) => `line ${n.startPosition.row + 1}: ${n.text.slice(0, 40)}`) : [];

function decoratorsBefore(node: Node): string {
  const before =
    node.previousNamedSibling?.type === 'diagnostic_comment' ? node.previousNamedSibling.previousNamedSibling : node.previousNamedSibling;
  return before?.type === 'decorators' ? before.text : '';
}

/** Free text and names of regions, resources and endpoints, whose limits are the platform's. */
const UNBOUNDED = /^(location|.*(Id|Uri)|applicationInsightsConnectionString|subnetId|groupId)$/;

describe.each(BICEP_FILES)('infra/$name', ({ root, text }) => {
  it('parses', () => {
    expect(faults(root)).toEqual([]);
    expect(root.hasError).toBe(false);
  });

  it('says what each parameter and output is', () => {
    const silent = ['parameter_declaration', 'output_declaration']
      .flatMap((type) => ofType(root, type))
      .filter((n) => !decoratorsBefore(n).includes('@description('))
      .map((n) => children(n)[0]?.text);
    expect(silent).toEqual([]);
  });

  it('says of each parameter whether it is required', () => {
    const descriptions = ofType(root, 'parameter_declaration').map(decoratorsBefore);
    expect(descriptions.filter((d) => !/@description\('(Required|Optional|Conditional)\. /.test(d))).toEqual([]);
  });

  it('bounds each text and number that is a parameter', () => {
    const unbounded = ofType(root, 'parameter_declaration').filter((n) => {
      const [name, type] = children(n);
      if (!/^(string|int)\??$/.test(type?.text ?? '') || UNBOUNDED.test(name?.text ?? '')) return false;
      return !/@(minLength|maxLength|minValue|maxValue|allowed)\(/.test(decoratorsBefore(n));
    });
    expect(unbounded.map((n) => children(n)[0]?.text)).toEqual([]);
  });

  it('is small enough to read', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(250);
  });
});

it('a file that does not parse is noticed', () => {
  expect(parse("resource a 'b@1' = {\n  name: \n}\n]").hasError).toBe(true);
});
