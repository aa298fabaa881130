// azd runs this after it has deployed: waits until the app is ready. If it does not become ready, fails with the reason.
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** Role assignments need up to ten minutes to spread: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting */
const PATIENCE_MS = 10 * 60_000;
/** Waiting does not correct a wrong setting. An instance with the old settings may answer for some seconds. */
const WRONG_SETTINGS_PATIENCE_MS = 60_000;
const INTERVAL_MS = 5_000;
const TIMEOUT_MS = 30_000;

/** What one answer of /health/ready means. @param {string} url @returns {Promise<{ ready: boolean, policyMissing: boolean, words: string, lasting?: boolean }>} */
async function look(url) {
  const notReady = (/** @type {string} */ words) => ({ ready: false, policyMissing: false, words });
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await answer.text();
    if (answer.status === 200) return { ready: true, policyMissing: false, words: 'ready' };
    if (answer.headers.get('content-type')?.includes('json')) {
      const { status, reason } = /** @type {{ status?: string, reason?: string }} */ (JSON.parse(text));
      if (status === 'notStarted') return { ...notReady(`the app has not started: ${reason}`), lasting: true };
      if (status === 'noSenderPolicy') return { ready: false, policyMissing: true, words: 'there is no sender policy' };
      if (status === 'notReady') return notReady('the app runs, but something that it needs is out of reach');
    }
    return notReady(`the host answers ${answer.status} in place of the app: the app has not started`);
  } catch (error) {
    const { message, cause } = /** @type {Error} */ (error);
    return notReady(cause instanceof Error ? `${message}: ${cause.message}` : message);
  }
}

/**
 * Waits until the app is ready.
 * @param {string} url base URL of the app
 * @param {(line: string) => void} say
 * @param {{ patienceMs?: number, wrongSettingsMs?: number, intervalMs?: number }} [times]
 * @returns {Promise<boolean>} whether the app runs
 */
export async function postdeploy(
  url,
  say,
  { patienceMs = PATIENCE_MS, wrongSettingsMs = WRONG_SETTINGS_PATIENCE_MS, intervalMs = INTERVAL_MS } = {},
) {
  const end = Date.now() + patienceMs;
  let wrongUntil = Number.POSITIVE_INFINITY;
  for (let last = ''; ; await sleep(intervalMs)) {
    const { ready, policyMissing, words, lasting } = await look(url);
    wrongUntil = lasting ? Math.min(wrongUntil, Date.now() + wrongSettingsMs) : Number.POSITIVE_INFINITY;
    if (ready) {
      say(`${url} is ready.`);
      return true;
    }
    if (policyMissing) {
      say(
        `${url} runs, but refuses every mail because there is no sender policy yet. The next step is in infra/README.md, "Sender policy".`,
      );
      return true;
    }
    if (Date.now() >= Math.min(end, wrongUntil)) {
      say(`${url} is not ready: ${words}.`);
      say('The log says why it does not start, or what is out of reach. In the portal, open Logs of Application Insights and run:');
      say("  union traces, exceptions | where timestamp > ago(30m) | where message startswith 'not ready' or problemId != ''");
      say('Continue with OPERATIONS.md, "The app does not start". The deployment itself is done: azd deploy repeats this check.');
      return false;
    }
    if (words !== last) say(`Not ready yet: ${words}.`);
    last = words;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { MAIL_QUEUE_URL: url, MAIL_QUEUE_PUBLIC_ACCESS: access } = process.env;
  if (!url) {
    console.error('MAIL_QUEUE_URL is not in the azd environment: run azd provision first.');
    process.exitCode = 1;
  } else if (access === 'false') {
    console.log(`The app is reached through a private endpoint only. Ask ${url}/health/ready from inside the network.`);
  } else if (!(await postdeploy(url, console.error))) process.exitCode = 1;
}
