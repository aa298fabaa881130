// Turns regular ids into immutable ones and back. https://learn.microsoft.com/graph/api/user-translateexchangeids
import { errors } from '../http/errors.ts';
import { readEnum } from '../validation/check.ts';
import { readParameters } from '../validation/parameters.ts';
import type { Operation } from './call.ts';

const played = ['restId', 'restImmutableEntryId'];

export const translateExchangeIds: Operation = ({ request, mailbox }) => {
  const { inputIds, targetIdType, sourceIdType } = readParameters(request, 'translateExchangeIds', [
    'inputIds',
    'targetIdType',
    'sourceIdType',
  ]);
  if (!Array.isArray(inputIds)) throw errors.emptyParameter('InputIds');
  const [target, source] = [targetIdType, sourceIdType].map((type) => readEnum('exchangeIdFormat', String(type)));
  if (target === undefined || source === undefined) throw errors.invalidArgument('The id types are missing or unknown.');
  if (!played.includes(target) || !played.includes(source)) throw errors.notPlayed(`translateExchangeIds from ${source} to ${target}`);
  const value = inputIds.map((id) => {
    const item = mailbox.find(String(id));
    if (item === undefined) return { sourceId: id, errorDetails: { code: 'ErrorInvalidIdMalformed', message: 'Id is malformed.' } };
    return { sourceId: id, targetId: target === 'restId' ? item.id : item.immutableId };
  });
  return {
    status: 200,
    json: { '@odata.context': `${request.baseUrl}/v1.0/$metadata#Collection(microsoft.graph.convertIdResult)`, value },
  };
};
