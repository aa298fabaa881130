// Which memory of an instance goes with which size of messages, and how many bytes of mail a process may hold there at a time.

const MEGABYTE = 1024 * 1024;

export interface InstanceMemory {
  /**
   * `instanceMemoryMB` of Flex Consumption: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#instance-sizes
   * The Functions host takes its part of it, and of mail in JSON that says its length it takes much more than we do: 0.9 GB for 34 MB
   * (docs/performance.md). This is why 512 MB goes with small mail only.
   */
  memoryMB: 512 | 2048 | 4096;
  /**
   * Bytes of mail at a time, in requests and again in submissions. A mail is there up to three times for a moment: as it came, as it is
   * kept, and as it is on its way. Measured: docs/performance.md, test/scenarios/bounded-memory.test.ts.
   */
  budgetBytes: number;
  /** The largest `MAXIMUM_MESSAGE_SIZE`: one such mail as a request (base64 in JSON) fits into the budget, however it comes. */
  largestMessageBytes: number;
}

export const INSTANCE_MEMORY: readonly InstanceMemory[] = [
  { memoryMB: 512, budgetBytes: 16 * MEGABYTE, largestMessageBytes: 3 * MEGABYTE },
  { memoryMB: 2048, budgetBytes: 144 * MEGABYTE, largestMessageBytes: 100 * MEGABYTE },
  { memoryMB: 4096, budgetBytes: 288 * MEGABYTE, largestMessageBytes: 150 * MEGABYTE },
];

/** What Flex Consumption gives if nobody chose a size. */
const USUAL = INSTANCE_MEMORY.find(({ memoryMB }) => memoryMB === 2048) as InstanceMemory;

const rowOf = (memoryMB: number): InstanceMemory | undefined => INSTANCE_MEMORY.find((row) => row.memoryMB === memoryMB);

/** Bytes of mail that a process holds at a time; the usual ones if the memory is not known. */
export const budgetBytesOf = (memoryMB = Number.NaN): number => (rowOf(memoryMB) ?? USUAL).budgetBytes;

/** Why messages of this size do not go with instances of this memory, and what to do; undefined if they do, or the memory is not known. */
export function memoryProblem(memoryMB: number, maximumMessageSizeBytes: number): string | undefined {
  const row = rowOf(memoryMB);
  if (!row || !(maximumMessageSizeBytes > row.largestMessageBytes)) return undefined;
  const enough = INSTANCE_MEMORY.find((other) => other.largestMessageBytes >= maximumMessageSizeBytes);
  const larger = enough ? `, or instances of ${enough.memoryMB} MB (scale.instanceMemoryMB of the deployment)` : '';
  return `is ${maximumMessageSizeBytes}: instances of ${memoryMB} MB have memory for messages of ${row.largestMessageBytes} bytes. Set that or less${larger}`;
}
