// What is used of Azure's client of Blob Storage. The build makes a chunk of it, which is loaded at the first use.
export { BlobServiceClient } from '@azure/storage-blob';
