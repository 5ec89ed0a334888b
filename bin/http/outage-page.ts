import type { ServerResponse } from 'node:http'

/** What a browser gets while the database is away: no part of it needs the database, and it looks again by itself. */
export function sendOutagePage(response: ServerResponse): void {
  const words = 'Its database does not answer. Applications that run go on, and nothing that you ask for now is done.'
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>Unavailable · Caisson</title>
<style>:root{color-scheme:light dark}body{margin:20vh auto;max-width:34rem;padding:0 24px;font:15px/1.5 system-ui,sans-serif}h1{font-size:20px}</style>
</head>
<body><main role="alert"><h1>Caisson is unavailable</h1><p>${words}</p><p>This page looks again every three seconds and comes back by itself.</p></main></body>
</html>
`
  response.writeHead(503, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'retry-after': '3' }).end(page)
}
