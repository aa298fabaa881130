// The values of a route, read from the path by the route's own template. The host mixes query parameters into `request.params`.

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** `{name}`, `{*rest}`, or one parameter behind a literal, as in `microsoft.graph.{action}`. */
const PARAMETER = /^(?<literal>[^{}]*)\{(?<star>\*?)(?<name>\w+)\}$/;

/**
 * By name as the template spells it. `url` is the URL of a request that this route has matched. The host writes the `%` of an undecoded
 * `%2F` as `%25`, so one decoding gives what the host calls the route's value: a segment never becomes two.
 */
export function routeValues(template: string, url: string): Record<string, string> {
  const segments = new URL(url).pathname.slice(1).split('/');
  const values: Record<string, string> = {};
  for (const [index, part] of template.split('/').entries()) {
    const { literal = '', star, name } = PARAMETER.exec(part)?.groups ?? {};
    if (name === undefined) continue;
    const value = star ? segments.slice(index).join('/') : (segments[index] ?? '').slice(literal.length);
    if (value !== '') values[name] = decoded(value);
  }
  return values;
}
