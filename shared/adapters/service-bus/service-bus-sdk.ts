// What is used of Azure's client of Service Bus. The build makes a chunk of it, which is loaded at the first use.
export { ServiceBusClient } from '@azure/service-bus';
