// The trigger metadata of an HTTP request (HttpTriggerAttributeBindingProvider.GetRequestBindingData): query, then route, then the rest.
import type { RpcNullable, RpcTypedData } from '../rpc.ts';

/** A .NET dictionary that ignores case: a name keeps the spelling in which it came first. */
class BindingData {
  readonly #entries = new Map<string, { name: string; data: RpcTypedData }>();

  set(name: string, data: RpcTypedData): void {
    const key = name.toLowerCase();
    this.#entries.set(key, { name: this.#entries.get(key)?.name ?? name, data });
  }

  addMissing(name: string, data: RpcTypedData): void {
    if (!this.#entries.has(name.toLowerCase())) this.set(name, data);
  }

  toMetadata(): Record<string, RpcTypedData> {
    return Object.fromEntries([...this.#entries.values()].map(({ name, data }) => [name, data]));
  }
}

export function bindingData(
  query: string,
  params: Record<string, string>,
  headers: Record<string, RpcNullable<string>>,
): Record<string, RpcTypedData> {
  const data = new BindingData();
  const parameters = new BindingData();
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase();
    values.set(key, values.has(key) ? `${values.get(key)},${value}` : value);
    parameters.set(name, { string: values.get(key) as string });
  }
  const given = parameters.toMetadata();
  for (const [name, value] of Object.entries(given)) if (name.toLowerCase() !== 'code') data.set(name, value);
  for (const [name, value] of Object.entries(params)) data.set(name, { string: value });
  data.addMissing('Query', { json: JSON.stringify(Object.fromEntries(Object.entries(given).map(([name, { string }]) => [name, string]))) });
  data.addMissing('Headers', {
    json: JSON.stringify(Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value]))),
  });
  return data.toMetadata();
}
