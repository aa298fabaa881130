// Step 4 of a Graph mail: the original goes to Sent Items, elsewhere, or away.

import type { Effects } from '../faults/effects.ts';
import { changeHeader, headerValue, splitMessage } from '../mime/header-block.ts';
import type { Switches } from '../options.ts';
import type { TransportRecord } from './journal.ts';
import type { Submission } from './pipeline.ts';

export function fileCopy(
  { mailbox, item, saveToSentItems, effects }: Submission,
  record: TransportRecord,
  now: number,
  switches: Switches,
): void {
  if (mailbox.items.get(item.key) !== item || effects.copyStaysIn !== undefined) return;
  if (!saveToSentItems || effects.copyRemoved) {
    mailbox.remove(item);
    return;
  }
  const mime = item.mime === null ? null : copyOf(item.mime, record, effects);
  mailbox.move(item, mailbox.wellKnown('sentitems').id, now, { newImmutableId: !switches.immutableIdSurvivesSend });
  mailbox.change(
    item,
    {
      isDraft: false,
      submitted: false,
      mime,
      internetMessageId: record.internetMessageId,
      receivedDateTime: now,
      ...(effects.dropExtendedProperties ? { extendedProperties: new Map() } : {}),
      ...(effects.dropHeaders ? { headers: [] } : {}),
    },
    now,
  );
  if (effects.copyMovedTo === undefined) return;
  const name = effects.copyMovedTo;
  const folder = mailbox.folder(name) ?? [...mailbox.folders.values()].find((one) => one.displayName === name) ?? mailbox.addFolder(name);
  mailbox.move(item, folder.id, now);
}

/** The copy keeps its bytes, Bcc included; only a Message-ID that transport gave it is written down. */
function copyOf(mime: Buffer, { internetMessageId }: TransportRecord, effects: Effects): Buffer {
  const own = headerValue(splitMessage(mime), 'Message-ID');
  return changeHeader(mime, {
    remove: ({ name }) => effects.dropHeaders === true && /^x-/i.test(name),
    prepend: own === undefined ? [['Message-ID', internetMessageId]] : [],
    replace: own === undefined || own === internetMessageId ? {} : { 'Message-ID': internetMessageId },
  });
}
