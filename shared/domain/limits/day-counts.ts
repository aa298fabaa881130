// Recipients of a day, counted in buckets of a quarter of an hour. A bucket leaves the window only when all of it is outside.

/** Sorted by bucket; a bucket without recipients is not there. */
export type DayCounts = readonly (readonly [bucket: number, count: number])[];

export const BUCKET_MS = 900_000;

/**
 * Buckets of a window, its last one included: 24 hours (96), what is left of the bucket at each end (1), and one for the time from the claim
 * to the end of its calls (MAXIMUM_CALLS_MS): Exchange may count a mail so much later.
 */
export const WINDOW_BUCKETS = 98;

/** How far ahead a mail is given a time: as long as a queue message is scheduled ahead at most (LONGEST_WAIT_MS). */
export const HORIZON_BUCKETS = 5 * 96;

export const HORIZON_MS = HORIZON_BUCKETS * BUCKET_MS;

export const bucketOf = (time: number): number => Math.floor(time / BUCKET_MS);

export const startOf = (bucket: number): number => bucket * BUCKET_MS;

/** The counts with so many recipients more, without the buckets that no window from `oldest` on has in it. */
export function counted(counts: DayCounts, bucket: number, recipients: number, oldest: number): DayCounts {
  const others = counts.filter(([one]) => one !== bucket && one > oldest - WINDOW_BUCKETS);
  const before = counts.find(([one]) => one === bucket)?.[1] ?? 0;
  return [...others, [bucket, before + recipients] as const].sort(([a], [b]) => a - b);
}

/** Recipients in the window that ends with this bucket. */
export const usedIn = (counts: DayCounts, bucket: number): number =>
  counts.reduce((sum, [one, count]) => (one > bucket - WINDOW_BUCKETS && one <= bucket ? sum + count : sum), 0);

/** The last window with this bucket in it that cannot take so many recipients more. Undefined: each can. */
function lastFull(counts: DayCounts, limit: number, recipients: number, bucket: number): number | undefined {
  let used = usedIn(counts, bucket + WINDOW_BUCKETS - 1);
  const byBucket = new Map(counts);
  for (let end = bucket + WINDOW_BUCKETS - 1; end >= bucket; end--) {
    if (used + recipients > limit) return end;
    used += (byBucket.get(end - WINDOW_BUCKETS) ?? 0) - (byBucket.get(end) ?? 0);
  }
  return undefined;
}

/** How many recipients more each window with this bucket in it can take. */
export function roomFrom(counts: DayCounts, limit: number, bucket: number): number {
  const ends = Array.from({ length: WINDOW_BUCKETS }, (_, index) => bucket + index);
  return Math.max(0, limit - Math.max(...ends.map((end) => usedIn(counts, end))));
}

const all = (counts: DayCounts): number => counts.reduce((sum, [, count]) => sum + count, 0);

/** The first bucket from which on no window of any of these counts comes to more than the limit. Undefined: none within the horizon. */
export function firstFit(each: readonly DayCounts[], limit: number, recipients: number, from: number): number | undefined {
  if (recipients > limit) return undefined;
  if (each.every((counts) => all(counts) + recipients <= limit)) return from;
  let bucket = from;
  while (bucket <= from + HORIZON_BUCKETS) {
    const full = each.map((counts) => lastFull(counts, limit, recipients, bucket)).filter((end) => end !== undefined);
    if (full.length === 0) return bucket;
    bucket = Math.max(...full) + 1;
  }
  return undefined;
}
