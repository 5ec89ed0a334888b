// The browser journeys, against the server as `npm start` starts it. Arguments go to Playwright.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { demandJava, findBrowser } from './machine.ts'

rmSync(process.env['CAISSON_E2E_REPORT'] ?? 'test-results/e2e.json', { force: true })
demandJava()
const env = { ...process.env, CAISSON_TEST_BROWSER: findBrowser(), PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }
const { status } = spawnSync('playwright', ['test', ...process.argv.slice(2)], { stdio: 'inherit', env })
process.exit(status ?? 1)
