// session.mjs ADDRESS ACCOUNTS: signs in and prints "cookie token board-path measure-id" for wrk.
import { readFileSync } from 'node:fs'

const [address, accounts] = process.argv.slice(2)
// The first line ends with the password of all; then "name, unit, role", parted by tabs.
const text = readFileSync(accounts, 'utf8')
const password = text.split('\n')[0].trim().split(/[：:]\s*/).at(-1)
const names = text.split('\n').filter((line) => line.includes('\t')).map((line) => line.split('\t')[0])

for (const name of names) {
  const signedIn = await fetch(`${address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  })
  if (!signedIn.ok) continue
  const me = await signedIn.json()
  if (!me.permissions.includes('measure_report')) continue
  const cookie = signedIn.headers.get('set-cookie').split(';')[0]
  const board = `/api/v1/plans/${me.plan.id}/board`
  const parts = (await (await fetch(address + board, { headers: { cookie } })).json()).parts
  for (const tile of parts.flatMap((part) => part.tasks)) {
    if (tile.measures === 0) continue
    const task = await (await fetch(`${address}/api/v1/plans/${me.plan.id}/tasks/${tile.no}`, { headers: { cookie } })).json()
    const own = task.measures.find((m) => [...m.lead, ...m.responsible].some((unit) => unit.id === me.own_unit?.id))
    if (!own) continue
    console.log(cookie, me.csrf_token, board, own.id)
    process.exit(0)
  }
}
process.exit(1)
