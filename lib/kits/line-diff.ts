// What differs between two texts, line by line (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986).

export interface DiffLine {
  sign: ' ' | '-' | '+'
  text: string
}

/** Lines that differ, with up to three around them that do not. Numbers count from 1, as in a unified diff. */
export interface Hunk {
  fromLine: number
  toLine: number
  lines: DiffLine[]
}

const context = 3
/** Beyond so many differences two texts are shown as one that went and one that came: nobody reads such a diff, and it costs their square. */
const mostDifferences = 400

/** All lines of both texts in order. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [left, right] = [linesOf(before), linesOf(after)]
  let start = 0
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1
  let end = 0
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1
  const said = (sign: DiffLine['sign'], lines: readonly string[]) => lines.map((text): DiffLine => ({ sign, text }))
  return [
    ...said(' ', left.slice(0, start)),
    ...middle(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    ...said(' ', left.slice(left.length - end)),
  ]
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function middle(left: readonly string[], right: readonly string[]): DiffLine[] {
  const trail = shortestTrail(left, right)
  if (!trail) return [...left.map((text): DiffLine => ({ sign: '-', text })), ...right.map((text): DiffLine => ({ sign: '+', text }))]
  const lines: DiffLine[] = []
  let [x, y] = [left.length, right.length]
  for (let steps = trail.length - 1; steps >= 0; steps -= 1) {
    const reach = trail[steps] ?? new Map<number, number>()
    const k = x - y
    const isDown = k === -steps || (k !== steps && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))
    const before = isDown ? k + 1 : k - 1
    const fromX = steps === 0 ? 0 : (reach.get(before) ?? 0)
    const fromY = steps === 0 ? 0 : fromX - before
    while (x > fromX && y > fromY) {
      x -= 1
      y -= 1
      lines.push({ sign: ' ', text: left[x] ?? '' })
    }
    if (steps === 0) break
    lines.push(isDown ? { sign: '+', text: right[fromY] ?? '' } : { sign: '-', text: left[fromX] ?? '' })
    ;[x, y] = [fromX, fromY]
  }
  return lines.toReversed()
}

/** How far each diagonal was reached before each step; undefined when there are too many steps. */
function shortestTrail(left: readonly string[], right: readonly string[]): Map<number, number>[] | undefined {
  const trail: Map<number, number>[] = []
  let reach = new Map<number, number>([[1, 0]])
  for (let steps = 0; steps <= Math.min(left.length + right.length, mostDifferences); steps += 1) {
    trail.push(reach)
    const next = new Map(reach)
    for (let k = -steps; k <= steps; k += 2) {
      const isDown = k === -steps || (k !== steps && (next.get(k - 1) ?? -1) < (next.get(k + 1) ?? -1))
      let x = isDown ? (next.get(k + 1) ?? 0) : (next.get(k - 1) ?? 0) + 1
      while (x < left.length && x - k < right.length && left[x] === right[x - k]) x += 1
      next.set(k, x)
      if (x >= left.length && x - k >= right.length) return trail
    }
    reach = next
  }
  return undefined
}

/** The parts of a diff that differ. */
export function hunksOf(lines: readonly DiffLine[]): Hunk[] {
  const hunks: Hunk[] = []
  let [fromLine, toLine] = [1, 1]
  let open: Hunk | undefined
  let quiet = 0
  for (const [index, line] of lines.entries()) {
    if (line.sign !== ' ' && !open) {
      const ahead = lines.slice(Math.max(0, index - context), index)
      open = { fromLine: fromLine - ahead.length, toLine: toLine - ahead.length, lines: [...ahead] }
      hunks.push(open)
    }
    if (open) open.lines.push(line)
    quiet = line.sign === ' ' ? quiet + 1 : 0
    if (open && quiet >= 2 * context) {
      open.lines.splice(open.lines.length - quiet + context)
      open = undefined
    }
    if (line.sign !== '+') fromLine += 1
    if (line.sign !== '-') toLine += 1
  }
  if (open && quiet > context) open.lines.splice(open.lines.length - quiet + context)
  return hunks
}
