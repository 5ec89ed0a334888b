/** "1 layer", "3 layers": a number of things whose plural ends in s. */
export function countWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
