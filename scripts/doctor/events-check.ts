// The check of events, after a mail was sent: could the app publish what became of it?
import { type Check, failed, type Result, type Visit } from './check.ts';

const ROLE_HELP = [
  '401, 403: the identity of the app needs the role EventGrid Data Sender on the topic: azd provision gives it, if eventTopicId is set. Or the firewall of the topic refuses the app.',
  '400: the input schema of the topic must be CloudEvents 1.0. 404, ENOTFOUND: EVENT_GRID_TOPIC_ENDPOINT is not that of a topic. OPERATIONS.md, "events-waiting", has more.',
];

async function published({ call, patienceMs, now, pause }: Visit): Promise<Result> {
  const giveUp = now() + Math.min(patienceMs, 10_000);
  for (;;) {
    const { body } = await call('GET', '/health/ready');
    const events = body['events'] as { on: boolean; reason?: string } | undefined;
    if (!events) return { verdict: 'skipped', detail: "not checked: only an operator's token shows it" };
    if (!events.on) return { verdict: 'ok', detail: 'events are off (EVENT_GRID_TOPIC_ENDPOINT is not set)' };
    if (events.reason !== undefined) return failed(`an instance of the app cannot publish events: ${events.reason}`, ...ROLE_HELP);
    // The first event of the mail is published within a second; another instance may do it.
    if (now() >= giveUp) return { verdict: 'ok', detail: 'events are on, and this instance of the app has met no refusal' };
    await pause();
  }
}

export const EVENTS_CHECKS: readonly Check[] = [{ name: 'events', needs: ['first mail'], run: published }];
