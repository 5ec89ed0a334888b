/** A key as environments take it; Spring's own spelling (`server.port`) too. */
export const keyPattern = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/

/** A key that stands in two groups would have two values. */
export function keyInTwoGroups({ connections, flags, variables }: { connections: object; flags: object; variables: object }): string | undefined {
  const all = [connections, flags, variables].flatMap((group) => Object.keys(group))
  return all.find((name, index) => all.indexOf(name) !== index)
}
