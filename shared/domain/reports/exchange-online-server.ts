// Whether a server that a report names is one of Exchange Online's. What another server says of our account or tenant is no proof.

/** Such as `x.prod.outlook.com` or, with DNSSEC, `x.mx.microsoft`; also those of the national clouds. */
const HOST = /^(?:dns;\s*)?[a-z0-9.-]{1,200}\.(?:outlook\.com|exchangelabs\.com|mx\.microsoft|office365\.us|partner\.outlook\.cn)\.?$/i;

/** `remoteMta`: as the report's field has it, with or without its type. */
export const isExchangeOnline = (remoteMta: string): boolean => HOST.test(remoteMta.trim());
