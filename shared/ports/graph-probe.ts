// Graph as it is, beyond what the queue itself asks of it: for finding out how a tenant behaves.

export interface ProbeCall {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1.0`, its names and ids encoded already. */
  path: string;
  query?: Readonly<Record<string, string>>;
  contentType?: string;
  body?: string | Uint8Array;
}

/** `status` 0: no answer, and `text` says why. */
export interface ProbeAnswer {
  status: number;
  contentType: string;
  text: string;
  /** Graph's own error code. */
  code?: string;
  /** The body, where it is an object of JSON. */
  json?: Record<string, unknown>;
}

export interface GraphProbe {
  call(request: ProbeCall): Promise<ProbeAnswer>;
}
