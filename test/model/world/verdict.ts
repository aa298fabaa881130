// What a run must have come to once everything was well again for long enough.
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { Posted } from './callers.ts';
import type { Item } from './exchange.ts';
import { HEALED, START } from './run-times.ts';
import type { World } from './world.ts';

const ENDED: readonly SendRequestRecord['status'][] = [
  'closed',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'unaccounted',
  'deadLettered',
];

function verdictOnRecord(world: World, { mail }: Posted, record: SendRequestRecord, transported: Item[]): string[] {
  const { label } = mail;
  const problems: string[] = [];
  const { marksSurvive, messageIdKept, idsStable } = world.tenant;
  const byDraft = world.rules.graphRights === 'readWrite' && idsStable;
  const findable = world.rules.graphRights !== 'send' && (marksSurvive || messageIdKept || byDraft);
  if (!ENDED.includes(record.status)) problems.push(`${label} is ${record.status} for ever`);
  // Without a draft whose fate can be asked, and before any mark was seen to survive, absence proves nothing until the lifetime ends.
  const unproven = transported.length === 0 && world.rules.graphRights === 'read';
  const overtaken = unproven || (transported.length === 0 && record.sendBefore < new Date(START + HEALED).toISOString());
  // As long as a mail in doubt is in Drafts, and its flags do not tell, nothing proves that it went out. It is tried again until it is stopped.
  const isStopped = mail.refused || mail.cancelledAt !== undefined || record.sendBefore <= record.lastModifiedDateTime;
  const cannotTell = (record.mayHaveGone === true || record.doubt !== undefined) && isStopped && world.observer.unseen.has(record.id);
  if (record.status === 'unaccounted' && findable && !overtaken && !cannotTell)
    problems.push(`${label} is unaccounted though its mail can be found`);
  if (record.status === 'rejected' && !mail.refused) problems.push(`${label} was rejected for no reason`);
  if (record.status === 'expired' && record.sendBefore > new Date(world.simulation.now()).toISOString())
    problems.push(`${label} expired early`);
  if (record.status === 'cancelled' && mail.cancelledAt === undefined) problems.push(`${label} was cancelled by nobody`);
  if (record.status === 'deadLettered') problems.push(`${label} was dead-lettered`);
  if (record.copyToRemove) problems.push(`${label} has a copy to remove for ever`);
  const removed = transported.some((item) => item.removed);
  if (removed && mail.command.saveToSentItems) problems.push(`${label}: its copy was removed though it was to be saved`);
  const kept =
    !mail.command.saveToSentItems && world.rules.graphRights === 'readWrite' && marksSurvive && record.status === 'closed' && !removed;
  if (kept) problems.push(`${label}: its copy was not removed`);
  return problems;
}

async function verdictOnReports(world: World, { mail }: Posted, record: SendRequestRecord, transported: Item[]): Promise<string[]> {
  const recipients = await world.observer.recipients(record.mailbox, record.id);
  const failed = recipients.filter(({ action }) => action === 'failed').map(({ address }) => address);
  const expected = transported.length > 0 ? mail.failing : [];
  const findable = world.rules.graphRights !== 'send' && (world.tenant.marksSurvive || world.tenant.messageIdKept);
  const forged = (address: string) => mail.forged && recipients.find((r) => r.address === address)?.evidence === 'mail';
  const lies = failed
    .filter((address) => !expected.includes(address) && !forged(address))
    .map((address) => `${mail.label}: ${address} failed in the log only`);
  const missing = findable ? expected.filter((address) => !failed.includes(address)) : [];
  return [...lies, ...missing.map((address) => `${mail.label}: the report on ${address} is not in the log`)];
}

async function verdictOnMail(world: World, posted: Posted): Promise<string[]> {
  const { mail, id } = posted;
  const problems: string[] = [];
  const copies = world.observer.transportedFor(mail.label);
  if (copies > 1) problems.push(`${mail.label} was transported ${copies} times`);
  if (id === undefined) return problems;
  const record = world.observer.records.get(id);
  if (!record) return [...problems, `${mail.label} was accepted and is nowhere in the log`];
  const transported = world.exchange.transported.filter((item) => item.requestId === id);
  return [
    ...problems,
    ...verdictOnRecord(world, posted, record, transported),
    ...(await verdictOnReports(world, posted, record, transported)),
  ];
}

/** Every broken promise of a run; none is what we want. */
export async function verdictOn(world: World): Promise<string[]> {
  const problems = [...world.observer.violations];
  if (problems.length > 0) return problems;
  for (const posted of world.callers.posted) problems.push(...(await verdictOnMail(world, posted)));
  if (!world.broker.idle) problems.push('the queue is not empty');
  if (world.hosts.contents.poison.size > 0)
    problems.push(`poison: ${[...world.hosts.contents.poison.values()].map(({ reason }) => reason).join()}`);
  return problems;
}
