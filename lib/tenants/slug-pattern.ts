// What a slug is, for forms too.

export const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
export const slugRule = 'must be 1 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit'
