// The settings that say where Service Bus, storage and Graph's identity are. In Azure the deployment writes them.
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
  { name: 'AZURE_CLIENT_ID', kind: 'text', meaning: 'Client id of the identity that calls Graph', example: 'a GUID' },
] as const satisfies readonly Setting[];
