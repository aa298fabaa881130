// What a link's address names: the token node, a queue, or a queue's management node.

export type Address = { readonly node: 'cbs' } | { readonly node: 'queue' | 'management'; readonly queue: string };

/** Accepts `q`, `/q` and `amqps://host/q`; suffixes are not case-sensitive. */
export function parseAddress(address: string): Address {
  const path = address.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\/+|\/+$/g, '');
  if (path.toLowerCase() === '$cbs') return { node: 'cbs' };
  const management = /^(.*)\/\$management$/i.exec(path);
  return management ? { node: 'management', queue: management[1]! } : { node: 'queue', queue: path };
}
