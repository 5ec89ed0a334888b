// Names of properties as Spring Boot compares them.

/** A key as Spring compares it (relaxed binding): `SERVER_PORT`, `server.port` and `server-port` are the same. */
export function relaxedName(key: string): string {
  return key
    .replace(/\[\d+\]|(?<=_)\d+(?=_|$)|(?<=\.)\d+(?=\.|$)/g, '')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .toLowerCase()
}

/** Whether a property takes keys below its own name. */
export function takesMore(type: string): boolean {
  return /^java\.util\.(?:Map|Properties|List|Set|Collection)\b/.test(type) || type.endsWith('[]')
}
