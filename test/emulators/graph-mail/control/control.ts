// The control API as functions: what tests in the same process call, and what the HTTP control API calls.
import type { JWTPayload } from 'jose';
import { errors } from '../http/errors.ts';
import { issuerOf } from '../identity/answers.ts';
import { managedIdentity } from '../identity/applications.ts';
import { applicationClaims } from '../identity/endpoints.ts';
import { tenantId } from '../identity/tokens.ts';
import { readMime } from '../mime/read.ts';
import { mimeOf } from '../operations/messages.ts';
import { defaultSwitches, type Switches } from '../options.ts';
import type { EmulatorState } from '../state.ts';
import { newConversationId, newInternetMessageId } from '../store/ids.ts';
import { emptyContent, type Item } from '../store/item.ts';
import { type Mailbox, type MailboxState, mailboxStates } from '../store/mailbox.ts';
import { reportClassOf, throughHeaderFirewall } from '../transport/from-outside.ts';
import { storeDelivered } from '../transport/store-delivered.ts';
import { normalisePropertyId } from '../validation/extended-properties.ts';

export interface MailboxInput {
  address: string;
  aliases?: string[];
  objectId?: string;
  displayName?: string;
  state?: MailboxState;
  sendAs?: string[];
  sendOnBehalf?: string[];
}

export interface IncomingInput {
  mailbox: string;
  mime: Buffer | string;
  /** Well-known name, or the name of a folder that is made if need be. */
  folder?: string;
  itemClass?: string;
}

export interface TokenInput {
  /** A configured application and the resource it asks for; else the managed identity's token for Graph. */
  application?: string;
  resource?: string;
  /** Replaces or, where undefined, removes claims. */
  claims?: JWTPayload;
  expiresIn?: number;
}

export type Control = ReturnType<typeof createControl>;

export function createControl(state: EmulatorState) {
  function mailbox(name: string): Mailbox {
    const found = state.directory.find(name);
    if (found === undefined) throw errors.invalidUser(name);
    return found;
  }

  return {
    clock: state.clock,
    stages: state.stages,
    faults: state.faults,
    applications: state.applications,
    mailboxes: () => state.directory.list(),
    mailbox,

    /** Creates a mailbox, or changes one that is there. */
    putMailbox(input: MailboxInput): Mailbox {
      if (!/^[^@\s]+@[^@\s]+$/.test(input.address ?? '')) throw errors.invalidArgument('A mailbox has an address.');
      if (input.state !== undefined && !mailboxStates.includes(input.state))
        throw errors.invalidArgument(`A mailbox's state is one of ${mailboxStates.join(', ')}.`);
      const found = state.directory.find(input.address) ?? state.directory.create(input);
      if (input.state !== undefined) found.state = input.state;
      if (input.displayName !== undefined) found.displayName = input.displayName;
      if (input.sendAs !== undefined) found.sendAs = [...input.sendAs];
      if (input.sendOnBehalf !== undefined) found.sendOnBehalf = [...input.sendOnBehalf];
      if (input.aliases !== undefined) state.directory.addAliases(found, input.aliases);
      return found;
    },

    mails(name: string, folder?: string): Item[] {
      const box = mailbox(name);
      if (folder === undefined) return [...box.items.values()];
      const found = box.folder(folder) ?? [...box.folders.values()].find(({ displayName }) => displayName === folder);
      return found === undefined ? [] : box.itemsIn(found.id);
    },

    source: (item: Item): Promise<Buffer> => mimeOf(item, state.clock.now()),
    deliveries: state.journal.list,

    switches: (): Switches => structuredClone(state.switches),
    setSwitches(changes: Partial<Switches>): void {
      for (const name of Object.keys(changes))
        if (!Object.hasOwn(defaultSwitches(), name)) throw errors.invalidArgument(`There is no switch '${name}'.`);
      const stageDelays = { ...state.switches.stageDelays, ...changes.stageDelays };
      state.switches = { ...state.switches, ...changes, stageDelays };
    },

    expireDeltaTokens(): void {
      state.deltaGeneration++;
    },

    async incoming({ mailbox: name, mime, folder = 'inbox', itemClass }: IncomingInput): Promise<Item> {
      const now = state.clock.now();
      // Without a class it comes from outside.
      const received = Buffer.from(mime as string);
      const content = await readMime(itemClass === undefined ? throughHeaderFirewall(received) : received, now);
      const given = itemClass ?? (state.switches.strangersGetReportClass ? reportClassOf(received) : undefined);
      const report = given?.startsWith('REPORT.') ? { attachments: [] } : {};
      return storeDelivered(mailbox(name), { ...content, ...(given === undefined ? {} : { itemClass: given }), ...report }, now, folder);
    },

    /** Fills a folder with old mail, one a minute back from now. */
    seed(name: string, folder: string, count: number): void {
      const box = mailbox(name);
      const folderId = box.wellKnown(folder).id;
      const now = state.clock.now();
      // The same empty lists for all: what changes an item replaces them.
      const empty = emptyContent(now);
      for (let number = count; number > 0; number--) {
        const time = now - number * 60_000;
        const content = {
          ...empty,
          sentDateTime: time,
          subject: `Old mail ${number}`,
          internetMessageId: newInternetMessageId(),
          conversationId: newConversationId(),
        };
        box.add(content, folderId, time, { receivedDateTime: time });
      }
    },

    stats: () => ({
      requests: state.stats.requests(),
      totals: state.stats.totals(),
      answers: state.stats.answers(),
      maxConcurrency: state.gates.maxConcurrency(),
      maxSubmissions: state.gates.maxSubmissions(),
      transported: state.journal.list().length,
      waiting: state.stages.pending().length,
      limits: state.limits.usage(state.clock.now()),
    }),

    rotateKeys: (options?: { forgetOld?: boolean }) => state.tokens.rotate(options),

    token({ application, resource, claims, expiresIn }: TokenInput = {}): Promise<string> {
      const options = expiresIn === undefined ? {} : { expiresIn };
      if (application !== undefined) {
        const found = state.applications.find(application);
        if (found === undefined) throw errors.invalidArgument(`There is no application '${application}'.`);
        return state.tokens.issue({ ...applicationClaims(found, resource ?? 'api://graph-mail-queue', state.url), ...claims }, options);
      }
      const { clientId, objectId } = managedIdentity;
      const own = {
        aud: resource ?? 'https://graph.microsoft.com',
        iss: `https://sts.windows.net/${tenantId}/`,
        appid: clientId,
        idtyp: 'app',
        oid: objectId,
        sub: objectId,
        roles: state.switches.graphRoles,
        ver: '1.0',
      };
      return state.tokens.issue({ ...own, ...claims }, options);
    },

    issuer: () => issuerOf(state.url),
    /** Whether an item carries this value in that extended property. */
    hasProperty(item: Item, id: string, value: string): boolean {
      return item.extendedProperties.get(normalisePropertyId(id) ?? id)?.value === value;
    },
    settled: () => state.stages.settled(),
    reset: () => state.reset(),
  };
}
