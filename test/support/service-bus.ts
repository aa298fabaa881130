// The queue as the infrastructure makes it, for the emulator.

const Properties = {
  RequiresSession: true,
  RequiresDuplicateDetection: true,
  DuplicateDetectionHistoryTimeWindow: 'P1D',
  LockDuration: 'PT2M',
  MaxDeliveryCount: 10,
};

export const queueConfig = {
  UserConfig: {
    Namespaces: [{ Name: 'sbemulatorns', Queues: [{ Name: 'send-requests', Properties }], Topics: [] }],
    Logging: { Type: 'Console' },
  },
};
