// board: what runs where, and how it is.
import type { Command } from 'commander'
import { describeBoard } from '#bin/cli/board-words'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { show } from '#bin/cli/print'
import type { BoardView } from '#lib/promotions/board'

export function addBoard(program: Command): void {
  overApi(
    program
      .command('board')
      .description('applications by environments: release, state, what is in flight')
      .option('--search <text>', 'part of a name'),
    async (api, options: CommonOptions & { search?: string }) => {
      const board = await api.call<BoardView>('GET', '/tenants/{tenant}/board', { search: options.search })
      show(options, board, () => describeBoard(board))
    },
  )
}
