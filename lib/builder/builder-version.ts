/** Part of an image's identity: raise it whenever the same JAR would give other bytes. */
export const builderVersion = 'caisson-builder/1'
