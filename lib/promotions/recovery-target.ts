/** The target is met by the last millisecond of its last second. */
export function isWithinTarget(recoveryMs: number, targetSeconds: number): boolean {
  return recoveryMs <= targetSeconds * 1000
}
