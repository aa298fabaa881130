// What is used of Azure's client of Table Storage. The build makes a chunk of it, which is loaded at the first use.
export { TableClient } from '@azure/data-tables';
