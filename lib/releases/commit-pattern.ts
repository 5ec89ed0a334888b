/** A commit as an uploader says it. */
export const commitPattern = /^[0-9a-f]{7,64}$/
