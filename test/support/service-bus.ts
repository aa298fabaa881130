// Queues as the infrastructure makes them, for the emulator.

const Properties = {
  RequiresSession: true,
  RequiresDuplicateDetection: true,
  DuplicateDetectionHistoryTimeWindow: 'P1D',
  LockDuration: 'PT2M',
  MaxDeliveryCount: 10,
};

export const queuesConfig = (names: readonly string[]) => ({
  UserConfig: {
    Namespaces: [{ Name: 'sbemulatorns', Queues: names.map((Name) => ({ Name, Properties })), Topics: [] }],
    Logging: { Type: 'Console' },
  },
});

export const queueConfig = queuesConfig(['send-requests']);
