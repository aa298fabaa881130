// The fewest settings with which the app starts in Azure, and what is wrong with others.
import { readConfig } from '../../shared/settings/config.ts';
import { ConfigError } from '../../shared/settings/setting-problem.ts';

export const AZURE = {
  SERVICE_BUS__fullyQualifiedNamespace: 'contoso-mail.servicebus.windows.net',
  STORAGE__tableServiceUri: 'https://contosomail.table.core.windows.net',
  STORAGE__blobServiceUri: 'https://contosomail.blob.core.windows.net',
  ENTRA_TENANT_ID: '5F3C8A30-0c3d-4b3e-9d52-6d1b6f1c7a01',
  ENTRA_AUDIENCE: 'api://graph-mail-queue, 6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001',
};

export function configError(environment: Record<string, string>): ConfigError | undefined {
  try {
    readConfig(environment);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

export const problems = (environment: Record<string, string>): readonly string[] => configError(environment)?.problems ?? [];
