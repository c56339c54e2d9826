import alert from '@/alert/text/en'
import map from '@/map/text/en'
import respond from '@/respond/text/en'
import sense from '@/sense/text/en'
import trust from '@/trust/text/en'
import type zhCN from './zh-CN'

/** The shape of the source catalogue with any words; a missing key does not compile. */
export type Catalogue<Part> = { [Key in keyof Part]: Part[Key] extends string ? string : Catalogue<Part[Key]> }

const en: Catalogue<typeof zhCN> = {
  app: {
    name: 'Fengsui',
    product: 'Fengsui emergency management',
    tier: { county: 'county node', city: 'city node', province: 'province node' },
    scope: 'scope {region}',
    section: { map: 'Map', duty: 'Duty', monitor: 'Monitoring', command: 'Command', support: 'Support' },
    menu: 'Main menu',
    side: 'Sections',
    skip: 'Skip to content',
    person: { menu: 'Personal menu', signOut: 'Sign out', password: 'Change password', account: 'account {account}', idle: 'signed out after {minutes} idle minutes' },
    theme: { label: 'Appearance', page: 'By page', dark: 'Dark', light: 'Light' },
    language: { label: 'Language', 'zh-CN': '中文', en: 'English' },
    live: {
      label: 'Live connection',
      off: 'not connected',
      connecting: 'connecting',
      live: 'live',
      stale: 'stale {span}',
      broken: 'broken {span}',
      seq: 'fact {seq}',
    },
    weekday: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
    demo: 'demo data · all people and bodies are invented',
    keys: { all: 'All keys', none: 'This page has no keys' },
    noPage: { title: 'No grants yet', text: 'Your account holds no role. Ask the security officer to grant one, then sign in again.' },
    notFound: { title: 'No such page', text: 'The address {path} is not a page of this system.', home: 'To the home page' },
    office: { system: 'system officer', security: 'security officer', audit: 'audit officer' },
  },
  kit: {
    level: { red: 'Red', orange: 'Orange', yellow: 'Yellow', blue: 'Blue', none: 'no level' },
    span: {
      seconds: '{s} s',
      minutes: '{m} min',
      minutesSeconds: '{m} min {s} s',
      hours: '{h} h',
      hoursMinutes: '{h} h {m} min',
      days: '{d} d',
      daysHours: '{d} d {h} h',
    },
    age: { ago: '{span} ago', stale: 'stale {span}', never: 'no data ever' },
    overdue: 'overdue {span}',
    face: {
      loading: 'Loading…',
      failed: 'The data could not be fetched',
      stale: 'Refresh failed; this is the data of {time}',
      empty: 'No records',
      retry: 'Retry',
    },
    close: 'Close',
    cancel: 'Cancel',
    undo: 'Undo',
    table: 'Table',
    dataTime: 'data {time}',
  },
  error: {
    other: 'The server did not complete this request.',
    unreachable: 'The server cannot be reached. Check the network and try again.',
    'not-signed-in': 'Your session has ended. Please sign in again.',
    'sign-in-refused': 'Wrong account or password.',
    forbidden: 'You do not hold this permission: {permission}.',
    'not-found': 'Not found, or outside your scope.',
    csrf: 'This page is out of date. Reload it and try again.',
    'bad-request': 'What was entered does not meet the requirements.',
    conflict: 'Somebody else changed this meanwhile. Reload before you act.',
    'idempotency-key-reused': 'The content of this action changed between attempts. Reload and try again.',
    'too-large': 'The content is too large.',
    busy: 'The server is busy. Try again shortly.',
  },
  map,
  trust,
  sense,
  alert,
  respond,
}

export default en
