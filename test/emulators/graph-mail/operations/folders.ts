// Mail folders: list, get, create. https://learn.microsoft.com/graph/api/user-list-mailfolders
import { errors } from '../http/errors.ts';
import { entityContext } from '../odata/represent.ts';
import type { Folder } from '../store/mailbox.ts';
import { checkObject } from '../validation/check.ts';
import { readJson } from '../validation/parameters.ts';
import { type Call, findFolder, type Operation } from './call.ts';

function show({ mailbox }: Call, folder: Folder): Record<string, unknown> {
  const items = mailbox.itemsIn(folder.id);
  return {
    id: folder.id,
    displayName: folder.displayName,
    parentFolderId: folder.parentFolderId,
    childFolderCount: [...mailbox.folders.values()].filter((one) => one.parentFolderId === folder.id).length,
    unreadItemCount: items.filter(({ isRead }) => !isRead).length,
    totalItemCount: items.length,
    isHidden: false,
  };
}

/** The root, or a folder, by the path's parameter. */
function parentOf(call: Call): string {
  const name = call.params['folder'];
  return name === undefined || name.toLowerCase() === 'msgfolderroot' ? call.mailbox.rootId : findFolder(call.mailbox, name).id;
}

export const listFolders: Operation = (call) => {
  const parent = parentOf(call);
  const folders = [...call.mailbox.folders.values()].filter((folder) => folder.parentFolderId === parent);
  const skip = Number(call.request.query.get('$skip') ?? 0);
  const top = Number(call.request.query.get('$top') ?? 100);
  const value = folders.slice(skip, skip + top).map((folder) => show(call, folder));
  return { status: 200, json: { '@odata.context': entityContext(call.request, call.mailbox, 'mailFolders'), value } };
};

export const getFolder: Operation = (call) => {
  const folder = findFolder(call.mailbox, call.params['folder'] ?? '');
  return {
    status: 200,
    json: { '@odata.context': entityContext(call.request, call.mailbox, 'mailFolders/$entity'), ...show(call, folder) },
  };
};

export const createFolder: Operation = (call) => {
  const json = readJson(call.request);
  checkObject(json, 'mailFolder');
  const { displayName } = json;
  if (typeof displayName !== 'string' || displayName === '') throw errors.emptyParameter('DisplayName');
  const folder = call.mailbox.addFolder(displayName, parentOf(call));
  return {
    status: 201,
    json: { '@odata.context': entityContext(call.request, call.mailbox, 'mailFolders/$entity'), ...show(call, folder) },
  };
};
