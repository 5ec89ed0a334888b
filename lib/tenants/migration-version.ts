// Versions of Flyway's migrations, in Flyway's order.

/** Part by part, as numbers of any size; parts that are not there are 0. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map(BigInt))
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at += 1) {
    const [one, other] = [a?.[at] ?? 0n, b?.[at] ?? 0n]
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}
