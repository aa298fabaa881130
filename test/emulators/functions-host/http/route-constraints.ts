// ASP.NET Core's inline route constraints, such as `{id:alpha}` or `{n:range(1,5)}`.

type Check = (value: string) => boolean;

const guid = /^(?:[0-9a-f]{32}|\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?|\([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\))$/i;
const integer = /^\s*[+-]?\d+\s*$/;
const decimal = /^\s*[+-]?(?:\d[\d,]*\.?\d*|\.\d+)\s*$/;
const double = /^\s*(?:[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?|NaN|[+-]?Infinity)\s*$/i;

function inRange(value: string, low: bigint, high: bigint): boolean {
  return integer.test(value) && BigInt(value.trim().replace(/^\+/, '')) >= low && BigInt(value.trim().replace(/^\+/, '')) <= high;
}

const long = { low: -(2n ** 63n), high: 2n ** 63n - 1n };

const factories: Record<string, (argument: string) => Check> = {
  int: () => (value) => inRange(value, -(2n ** 31n), 2n ** 31n - 1n),
  long: () => (value) => inRange(value, long.low, long.high),
  bool: () => (value) => /^\s*(true|false)\s*$/i.test(value),
  datetime: () => (value) => !Number.isNaN(Date.parse(value)),
  decimal: () => (value) => decimal.test(value),
  double: () => (value) => double.test(value),
  float: () => (value) => double.test(value),
  guid: () => (value) => guid.test(value),
  alpha: () => (value) => /^[a-z]*$/i.test(value),
  required: () => (value) => value !== '',
  file: () => (value) => /\.[^./]+$/.test(value),
  nonfile: () => (value) => !/\.[^./]+$/.test(value),
  minlength: (argument) => (value) => value.length >= Number(argument),
  maxlength: (argument) => (value) => value.length <= Number(argument),
  length: (argument) => {
    const [low, high = low] = argument.split(',').map(Number);
    return (value) => value.length >= low! && value.length <= high!;
  },
  min: (argument) => (value) => inRange(value, BigInt(argument), long.high),
  max: (argument) => (value) => inRange(value, long.low, BigInt(argument)),
  range: (argument) => {
    const [low, high] = argument.split(',').map((bound) => BigInt(bound.trim()));
    return (value) => inRange(value, low!, high!);
  },
  regex: (argument) => {
    const expression = new RegExp(argument, 'i');
    return (value) => expression.test(value);
  },
};

/** An unknown constraint keeps the function's route from being made, as in ASP.NET. */
export function createConstraint(text: string): Check {
  const [, name, argument = ''] = /^([^(]+)(?:\(([\s\S]*)\))?$/.exec(text) ?? [];
  const factory = name === undefined ? undefined : factories[name.toLowerCase()];
  if (!factory) throw new Error(`The constraint reference '${name ?? text}' could not be resolved to a type.`);
  return factory(argument);
}
