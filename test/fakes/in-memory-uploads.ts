// Upload sessions of the in-memory Graph: ranges in order, and the attachment once the last one is there.
import type { GraphAnswer, UploadRange } from '../../shared/ports/graph-mail.ts';

interface Session {
  size: number;
  position: number;
  finish: () => void;
}

const gone = { kind: 'answered', status: 404, code: 'ErrorItemNotFound' } as const;
const outOfOrder = { kind: 'answered', status: 416, code: 'ErrorInvalidRange' } as const;

export class Uploads {
  readonly #sessions = new Map<string, Session>();

  open(size: number, finish: () => void): string {
    const url = `https://outlook.office.com/upload/${this.#sessions.size + 1}`;
    this.#sessions.set(url, { size, position: 0, finish });
    return url;
  }

  put(url: string, { from, total, bytes }: UploadRange): GraphAnswer {
    const session = this.#sessions.get(url);
    if (!session || session.size !== total) return gone;
    if (session.position !== from) return outOfOrder;
    session.position += bytes.length;
    if (session.position < session.size) return { kind: 'answered', status: 200 };
    this.#sessions.delete(url);
    session.finish();
    return { kind: 'answered', status: 201 };
  }

  position(url: string): GraphAnswer<number> {
    const session = this.#sessions.get(url);
    return session ? { kind: 'answered', status: 200, body: session.position } : gone;
  }
}
