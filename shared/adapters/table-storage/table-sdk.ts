// What is used of Azure's client of Table Storage. The build makes a chunk of it, which is loaded at the first use.
export { createDefaultHttpClient } from '@azure/core-rest-pipeline';
export { TableClient } from '@azure/data-tables';
export { withQuickTransactions } from './quick-transactions.ts';
