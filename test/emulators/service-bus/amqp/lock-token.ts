// Lock tokens on the wire: .NET Guid byte order as a delivery tag, RFC 4122 order as an AMQP uuid.

export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

export function uuidFromBytes(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** .NET's Guid.ToByteArray has its first three groups little-endian. */
export function guidBytes(uuid: string): Buffer {
  const bytes = uuidBytes(uuid);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
