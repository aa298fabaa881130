// Sends bytes as they are and reads the answer: for requests that no HTTP client would make.
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** The request must ask for `connection: close`; chunks are written one after the other. */
export function rawRequest(url: string, ...chunks: (string | Buffer)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (data) => (text += data));
    // A server that refuses early resets what is still being written; its answer has come before.
    socket.on('error', (error) => text || reject(error));
    socket.on('close', () => {
      const end = text.indexOf('\r\n\r\n');
      resolve({ status: Number(text.split(' ')[1]), head: text.slice(0, end), body: text.slice(end + 4) });
    });
    for (const chunk of chunks) socket.write(chunk);
  });
}
