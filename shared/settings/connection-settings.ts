// The settings that say where Service Bus, storage, Event Grid and Graph's identity are. In Azure the deployment writes them.
import type { Setting } from './setting.ts';

export const CONNECTION_SETTINGS = [
  {
    name: 'SERVICE_BUS',
    kind: 'text',
    meaning: 'Connection string of a Service Bus emulator. In Azure set SERVICE_BUS__fullyQualifiedNamespace instead',
    example: 'Endpoint=sb://localhost;SharedAccessKeyName=…;SharedAccessKey=…;UseDevelopmentEmulator=true;',
  },
  {
    name: 'SERVICE_BUS__fullyQualifiedNamespace',
    kind: 'text',
    meaning: 'Host name of the Service Bus namespace, with a managed identity',
    example: 'contoso-mail.servicebus.windows.net',
  },
  { name: 'SERVICE_BUS__clientId', kind: 'text', meaning: 'Client id of the user-assigned identity for Service Bus', example: 'a GUID' },
  { name: 'SERVICE_BUS__credential', kind: 'text', meaning: 'The host reads it: managedidentity', example: 'managedidentity' },
  { name: 'QUEUE_NAME', kind: 'text', default: 'send-requests', meaning: 'The queue of send requests', example: 'send-requests' },
  {
    name: 'STORAGE',
    kind: 'text',
    meaning: 'Connection string of a storage emulator. In Azure set the service URIs instead',
    example: 'UseDevelopmentStorage=true',
  },
  {
    name: 'STORAGE__tableServiceUri',
    kind: 'url',
    meaning: 'Table endpoint of the storage account, with a managed identity',
    example: 'https://contosomail.table.core.windows.net',
  },
  {
    name: 'STORAGE__blobServiceUri',
    kind: 'url',
    meaning: 'Blob endpoint of the storage account, with a managed identity',
    example: 'https://contosomail.blob.core.windows.net',
  },
  { name: 'STORAGE__clientId', kind: 'text', meaning: 'Client id of the user-assigned identity for storage', example: 'a GUID' },
  {
    name: 'EVENT_GRID_TOPIC_ENDPOINT',
    kind: 'url',
    meaning:
      'Where events are published: the endpoint of a custom topic, or the publish URL of a topic of a namespace (`/topics/NAME:publish`). If it is not set, there are no events',
    example: 'https://contoso-mail.westeurope-1.eventgrid.azure.net/api/events',
  },
  { name: 'EVENT_GRID__clientId', kind: 'text', meaning: 'Client id of the user-assigned identity for Event Grid', example: 'a GUID' },
  {
    name: 'EVENT_GRID_TOPIC_KEY',
    kind: 'text',
    meaning: 'Access key of an Event Grid emulator. In Azure leave it out: the managed identity publishes',
    example: 'a key',
  },
  {
    name: 'EVENT_SOURCE',
    kind: 'text',
    default: '/graph-mail-queue',
    meaning:
      '`source` of the events: a URI reference that names this installation. Do not change it later: subscribers find repeated events by it',
    example: '/graph-mail-queue/func-mail-abc123',
  },
  {
    name: 'EVENT_DATA',
    kind: ['minimal', 'full'],
    default: 'minimal',
    meaning:
      'What events tell. minimal: no subject, and no address but that of the mailbox and of the recipient concerned; full: what GET returns',
    example: 'minimal',
  },
  { name: 'AZURE_CLIENT_ID', kind: 'text', meaning: 'Client id of the identity that calls Graph', example: 'a GUID' },
] as const satisfies readonly Setting[];
