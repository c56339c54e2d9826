// The servers that take the tables: ours, and what else a province could run. Each is started
// in a directory of its own on loopback, and is asked to take one body after the other.
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { stop, until } from '../kit.mjs'
import { names, station } from './bodies.mjs'

/** Spans that a chart has at most. */
export const BUCKETS = 500

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })

/** Posts bytes; refuses any status but 2xx. */
const post = (port, path, headers, bytes) =>
  new Promise((resolve, reject) => {
    const request = http.request({ port, path, method: 'POST', agent, headers: { ...headers, 'content-length': bytes.length } }, (answer) => {
      let text = ''
      answer.on('data', (piece) => (text += piece))
      answer.on('end', () => (answer.statusCode < 300 ? resolve(text) : reject(new Error(`${answer.statusCode} ${text.slice(0, 300)}`))))
    })
    request.on('error', reject)
    request.end(bytes)
  })

/** Processor time of a process and of its children so far, in seconds. */
export function processor(pid) {
  const field = (text, index) => Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[index - 3])
  let ticks = 0
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${entry}/stat`, 'utf8')
      // Of children that ended the parent keeps the sum.
      if (Number(entry) === pid) ticks += field(text, 14) + field(text, 15) + field(text, 16) + field(text, 17)
      else if (field(text, 4) === pid) ticks += field(text, 14) + field(text, 15)
    } catch {
      // It ended between the two looks.
    }
  }
  return ticks / 100
}

export const bytesOf = (directory) => Number(spawnSync('du', ['-sb', directory]).stdout.toString().split('\t')[0])

/** A demonstration whose stations are those of the tables. */
export async function fengsui(binary, directory, port, { stations, points }) {
  const child = spawn(binary, ['demo', '--directory', directory, '--port', `${port}`, '--sl651-port', `${port + 1}`, '--hands-off', '--silent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes) => String(bytes).includes('Ctrl-C') && resolve())
    child.once('exit', () => reject(new Error('the demonstration ended')))
  })
  const base = `http://127.0.0.1:${port}`
  const json = { 'content-type': 'application/json' }
  const session = async (account) => {
    const signed = await fetch(`${base}/api/session`, { method: 'POST', headers: json, body: JSON.stringify({ account, password: 'Fengsui-Demo-2026' }) })
    const { csrf } = await signed.json()
    return { ...json, cookie: signed.headers.get('set-cookie').split(';')[0], 'x-csrf-token': csrf }
  }
  const engineer = await session('luojiaju')
  const ask = async (path, body, headers = engineer) => {
    const answer = await fetch(base + path, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const keys = new Map()
  /** Of sensors, by station and name. */
  const ids = new Map()
  for (let number = 0; number < stations; number += 1) {
    const code = station(number)
    const password = `bench-key-${code}`
    const sensors = names(points).map((element) => ({ element, quantity: 'air_temperature' }))
    const made = await ask('/api/stations', { protocol: 'json', class: 'other', code, name: code, region: '220282', period_s: 60, password, sensors })
    for (const { id, element } of made.sensors) ids.set(`${code} ${element}`, id)
    keys.set(code, `Basic ${Buffer.from(`${code}:${password}`).toString('base64')}`)
  }
  const { items } = await ask('/api/protocols')
  const open = items.find(({ protocol }) => protocol === 'json')
  const door = new URL(open.http)
  return {
    name: 'fengsui',
    note: 'fsync before each answer',
    child,
    directory,
    mqtt: Number(open.tcp.split(':')[1]),
    key: (code) => `bench-key-${code}`,
    chart: async ({ station: code, name, from, to }) => {
      const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
      const { points, buckets } = await ask(`/api/sensors/${ids.get(`${code} ${name}`)}/readings?${span}&buckets=${BUCKETS}`)
      return (points?.length ?? 0) + (buckets?.length ?? 0)
    },
    latest: async () => (await ask('/api/readings/latest')).length,
    send: ({ station: code, bytes }) => post(Number(door.port), '/ingest/json', { 'content-type': 'text/csv', authorization: keys.get(code) }, bytes),
    close: () => stop(child),
  }
}

/** VictoriaMetrics, which answers before anything is on disk. */
export async function victoria(directory, port) {
  const child = spawn('victoria-metrics', [`-storageDataPath=${directory}`, '-retentionPeriod=100y', `-httpListenAddr=127.0.0.1:${port}`, '-search.maxUniqueTimeseries=2000000', '-search.latencyOffset=0s', '-memory.allowedPercent=30'], { stdio: 'ignore' })
  await until(async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok)
  const path = `/api/v1/import/csv?format=${encodeURIComponent('1:label:station,2:time:unix_ms,3:label:name,4:metric:value')}`
  return {
    name: 'VictoriaMetrics',
    note: 'no fsync before an answer',
    child,
    directory,
    chart: async ({ station: code, name, from, to }) => {
      const step = Math.max(1, Math.ceil((to - from) / BUCKETS))
      const of = (what) => `${what}_over_time(value{station="${code}",name="${name}"}[${step}ms])`
      const ask = async (what) => {
        const query = new URLSearchParams({ query: of(what), start: `${from / 1000}`, end: `${to / 1000}`, step: `${step}ms`, nocache: '1' })
        const { data } = await (await fetch(`http://127.0.0.1:${port}/api/v1/query_range?${query}`)).json()
        return data.result[0]?.values.length ?? 0
      }
      const counts = await Promise.all(['min', 'max', 'avg'].map(ask))
      return counts[0]
    },
    latest: async (to) => {
      const query = new URLSearchParams({ query: 'last_over_time(value[1h])', time: `${to / 1000}`, nocache: '1' })
      return (await (await fetch(`http://127.0.0.1:${port}/api/v1/query?${query}`)).json()).data.result.length
    },
    // Of a header it says that it is none.
    send: ({ bytes }) => post(port, path, {}, bytes.subarray(bytes.indexOf(10) + 1)),
    settle: () => fetch(`http://127.0.0.1:${port}/internal/force_flush`),
    close: () => stop(child),
  }
}

/** PostgreSQL: COPY into a table with a primary key, one transaction a body. */
export async function postgres(directory, port, { connections }) {
  const bin = readdirSync('/usr/lib/postgresql').sort().map((version) => `/usr/lib/postgresql/${version}/bin`).at(-1)
  const root = process.getuid() === 0
  const as = (program, args) => (root ? ['runuser', ['-u', 'postgres', '--', join(bin, program), ...args]] : [join(bin, program), args])
  mkdirSync(directory, { recursive: true })
  if (root) chownSync(directory, ...['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'postgres']).stdout)))
  const data = join(directory, 'data')
  const made = spawnSync(...as('initdb', ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C']))
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const options = ['-c', 'listen_addresses=127.0.0.1', '-c', 'shared_buffers=2GB', '-c', 'max_wal_size=8GB']
  const child = spawn(...as('postgres', ['-D', data, '-p', `${port}`, '-k', directory, ...options]), { stdio: 'ignore' })
  const psql = (more) => spawn(join(bin, 'psql'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'bench', '-d', 'postgres', '-X', '-v', 'ON_ERROR_STOP=1', ...more], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = (process) => new Promise((resolve) => process.once('exit', resolve))
  await until(async () => spawnSync(join(bin, 'psql'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'bench', '-d', 'postgres', '-c', 'select 1']).status === 0)
  await ended(psql(['-c', 'create table reading (station text, time bigint, name text, value double precision, primary key (station, name, time))']))
  const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  // One copy after the other on each connection; `COPY 1000` says that it is committed.
  const idle = Array.from({ length: connections }, () => {
    const process = psql(['-t', '-A'])
    const line = { process, taken: null }
    process.stdout.on('data', (piece) => String(piece).includes('COPY') && line.taken?.())
    return line
  })
  const waiting = []
  /** Lines of the answer, on the first connection; nothing is fed meanwhile. */
  const select = (sql) => {
    const { process } = idle[0]
    return new Promise((resolve) => {
      let text = ''
      const take = (piece) => {
        text += piece
        if (!text.endsWith('END OF ANSWER\n')) return
        process.stdout.off('data', take)
        resolve(text.split('\n').length - 2)
      }
      process.stdout.on('data', take)
      process.stdin.write(`${sql};\n\\echo END OF ANSWER\n`)
    })
  }
  return {
    name: 'PostgreSQL COPY',
    chart: ({ station: code, name, from, to }) => {
      const step = Math.max(1, Math.ceil((to - from) / BUCKETS))
      return select(`select time / ${step} as step, min(value), max(value), avg(value) from reading where station = '${code}' and name = '${name}' and time between ${from} and ${to} group by step order by step`)
    },
    // The newest of each series by the key, and not by reading all of it.
    latest: () => select(`with recursive series as ((select station, name from reading order by station, name limit 1) union all select next.station, next.name from series, lateral (select station, name from reading where (station, name) > (series.station, series.name) order by station, name limit 1) as next) select series.station, series.name, last.time, last.value from series, lateral (select time, value from reading where (station, name) = (series.station, series.name) order by time desc limit 1) as last`),
    note: 'fsync at each commit',
    child: { pid },
    directory,
    async send({ bytes }) {
      const line = idle.pop() ?? (await new Promise((resolve) => waiting.push(resolve)))
      await new Promise((resolve) => {
        line.taken = resolve
        line.process.stdin.write('copy reading from stdin with (format csv, header);\n')
        line.process.stdin.write(bytes)
        line.process.stdin.write('\\.\n')
      })
      const next = waiting.shift()
      if (next) next(line)
      else idle.push(line)
    },
    async close() {
      for (const { process } of idle) process.stdin.end()
      process.kill(pid, 'SIGINT')
      await new Promise((resolve) => child.once('exit', resolve))
    },
  }
}

const lines = (text) => text.split('\n').length - 1

/** ClickHouse: a MergeTree in the order of the series. */
export async function clickhouse(directory, port) {
  mkdirSync(directory, { recursive: true })
  const config = join(directory, 'config.xml')
  writeFileSync(config, `<yandex><logger><level>error</level><log>${directory}/log</log><errorlog>${directory}/errors</errorlog></logger>
<http_port>${port}</http_port><tcp_port>${port + 1}</tcp_port><listen_host>127.0.0.1</listen_host><path>${directory}/data/</path><tmp_path>${directory}/tmp/</tmp_path>
<user_files_path>${directory}/files/</user_files_path><mark_cache_size>268435456</mark_cache_size><users_config>${directory}/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database></yandex>`)
  writeFileSync(join(directory, 'users.xml'), `<yandex><profiles><default><max_memory_usage>4000000000</max_memory_usage></default></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users><quotas><default></default></quotas></yandex>`)
  const child = spawn('clickhouse-server', [`--config-file=${config}`], { stdio: 'ignore', cwd: directory })
  const query = (text) => post(port, `/?query=${encodeURIComponent(text)}`, {}, Buffer.alloc(0))
  await until(async () => (await fetch(`http://127.0.0.1:${port}/ping`)).ok)
  await query('create table reading (station String, time Int64, name String, value Float64) engine = MergeTree() partition by tuple() order by (station, name, time)')
  const path = `/?query=${encodeURIComponent('insert into reading format CSVWithNames')}`
  return {
    name: 'ClickHouse',
    chart: async ({ station: code, name, from, to }) => {
      const step = Math.max(1, Math.ceil((to - from) / BUCKETS))
      return lines(await query(`select intDiv(time, ${step}) as step, min(value), max(value), avg(value) from reading where station = '${code}' and name = '${name}' and time between ${from} and ${to} group by step order by step`))
    },
    latest: async () => lines(await query('select station, name, max(time), argMax(value, time) from reading group by station, name')),
    note: 'no fsync before an answer',
    child,
    directory,
    send: ({ bytes }) => post(port, path, {}, bytes),
    close: () => stop(child),
  }
}

/** Mosquitto, and a subscriber to everything beside it. */
export async function mosquitto(directory, port) {
  mkdirSync(directory, { recursive: true })
  const config = join(directory, 'mosquitto.conf')
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 0\nmax_queued_messages 0\npersistence false\n`)
  const program = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find(existsSync)
  const child = spawn(program, ['-c', config], { stdio: 'ignore' })
  await until(async () => new Promise((resolve) => {
    const probe = http.get({ port, agent: false }).on('error', (error) => resolve(error.code !== 'ECONNREFUSED'))
    probe.setTimeout(200, () => resolve(true) || probe.destroy())
  }))
  const subscriber = spawn('mosquitto_sub', ['-p', `${port}`, '-q', '1', '-t', '#'], { stdio: ['ignore', 'ignore', 'inherit'] })
  return { name: 'Mosquitto and a subscriber', note: 'nothing on disk', child, also: subscriber, directory, mqtt: port, key: () => 'x', close: async () => { await stop(subscriber); await stop(child) } }
}
