// A stranger's Graph: the few calls of its mail API that the queue needs, as somebody else might fake them. It gives no tokens.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Mail {
  id: string;
  isDraft: boolean;
  mailbox: string;
  [property: string]: unknown;
}

export interface StrangersGraph {
  url: string;
  sent: Mail[];
  /** Whether the sending call is to lose its answer; asked once per call. */
  losesAnswer: () => boolean;
  close(): Promise<void>;
}

export async function startStrangersGraph(): Promise<StrangersGraph> {
  const mails: Mail[] = [];

  const answer = (response: ServerResponse, status: number, body?: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
  };
  const submitted = (response: ServerResponse) => {
    if (graph.losesAnswer()) response.socket?.destroy();
    else answer(response, 202);
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { pathname, searchParams } = new URL(request.url ?? '', graph.url);
    const [, , , mailbox = '', kind = '', id, action] = decodeURIComponent(pathname).split('/');
    const filter = searchParams.get('$filter') ?? '';
    const create = (message: object, isDraft: boolean): Mail => {
      const now = new Date().toISOString();
      const mail = { ...message, id: `mail-${mails.length}`, isDraft, mailbox, createdDateTime: now, receivedDateTime: now };
      mails.push(mail);
      return mail;
    };
    const one = mails.find((mail) => mail.id === id);
    if (request.method === 'POST' && kind === 'sendMail') {
      create((JSON.parse(text) as { message: object }).message, false);
      return submitted(response);
    }
    if (request.method === 'POST' && kind === 'messages' && id === undefined)
      return answer(response, 201, create(JSON.parse(text) as object, true));
    if (request.method === 'POST' && action === 'send' && one?.isDraft) {
      one.isDraft = false;
      return submitted(response);
    }
    if (request.method === 'GET' && kind === 'messages' && id !== undefined)
      return one ? answer(response, 200, one) : answer(response, 404, {});
    const value = mails.filter((mail) => {
      const quoted = [...filter.matchAll(/'([^']*)'/g)].map(([, literal = '']) => JSON.stringify(literal).slice(1, -1));
      return mail.mailbox === mailbox && (quoted.length === 0 || JSON.stringify(mail).includes(quoted.at(-1) ?? ''));
    });
    const deltaLink = { '@odata.deltaLink': `${graph.url}${pathname}` };
    answer(response, 200, {
      value: kind === 'mailFolders' ? value.filter(({ isDraft }) => !isDraft) : value,
      ...(kind === 'mailFolders' && deltaLink),
    });
  };

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const graph: StrangersGraph = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get sent() {
      return mails.filter(({ isDraft }) => !isDraft);
    },
    losesAnswer: () => false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return graph;
}
