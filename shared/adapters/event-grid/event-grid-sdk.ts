// What is used of Azure's client of Event Grid. The build makes a chunk of it, which is loaded at the first use.
export { AzureKeyCredential, EventGridPublisherClient } from '@azure/eventgrid';
