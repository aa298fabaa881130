// The yardstick: what a team writes by hand in an hour. A function posts to Service Bus, a worker calls Graph; at least once, no log, no policy.
// It has the same queue, sessions and host.json as the product.
import { app, type HttpRequest } from '@azure/functions';
import { ServiceBusClient, type ServiceBusSender } from '@azure/service-bus';

interface Queued {
  mailbox: string;
  mail: unknown;
}

interface Token {
  access_token: string;
  expires_on: string;
}

const setting = (name: string): string => process.env[name] ?? '';

let sender: ServiceBusSender | undefined;
let token: Token | undefined;

/** https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference */
async function bearer(): Promise<string> {
  if (!token || Number(token.expires_on) * 1000 < Date.now() + 300_000) {
    const url = `${setting('IDENTITY_ENDPOINT')}?resource=${encodeURIComponent(setting('GRAPH_BASE_URL'))}&api-version=2019-08-01`;
    const answer = await fetch(url, { headers: { 'x-identity-header': setting('IDENTITY_HEADER') } });
    token = (await answer.json()) as Token;
  }
  return token.access_token;
}

app.http('send-mail', {
  route: 'v1.0/users/{mailbox}/sendMail',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest) => {
    const mailbox = String(request.params['mailbox']);
    sender ??= new ServiceBusClient(setting('SERVICE_BUS')).createSender(setting('QUEUE_NAME'));
    await sender.sendMessages({ sessionId: mailbox, body: { mailbox, mail: await request.json() } satisfies Queued });
    return { status: 202, jsonBody: {} };
  },
});

app.serviceBusQueue('submit-send-request', {
  connection: 'SERVICE_BUS',
  queueName: '%QUEUE_NAME%',
  isSessionsEnabled: true,
  handler: async (message: unknown) => {
    const { mailbox, mail } = message as Queued;
    const answer = await fetch(`${setting('GRAPH_BASE_URL')}/v1.0/users/${mailbox}/sendMail`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await bearer()}`, 'content-type': 'application/json' },
      body: JSON.stringify(mail),
    });
    if (!answer.ok) throw new Error(`Graph answered ${answer.status}`);
    await answer.arrayBuffer();
  },
});

app.http('live', { route: 'health/live', methods: ['GET'], authLevel: 'anonymous', handler: async () => ({ status: 200 }) });
