import type { Catalogue } from '@/text/en'
import type zhCN from './first.zh-CN'

const en: Catalogue<typeof zhCN> = {
  signIn: {
    title: 'Sign in',
    serverTime: 'server time {time}',
    account: 'Account',
    password: 'Password',
    show: 'Show',
    hide: 'Hide',
    capsLock: 'Caps Lock is on',
    submit: 'Sign in',
    refused: 'Wrong account or password.',
    triesLeft: '{count} tries left, then a temporary lock.',
    locked: 'The account is locked until {time}. The system officer can release it after checking who you are.',
    ended: 'Your session has ended. Please sign in again.',
    claimed: 'All three officers have their accounts. Sign in with your own.',
    accessible: 'Accessibility: Tab reaches every control, Enter submits.',
    secret: 'This system must not store, process or transmit classified information.',
    recorded: 'Sign-ins and actions are kept in a log that cannot be altered',
    version: 'version {version}',
    demo: 'demo data',
    nodeFailed: 'The node cannot be reached',
  },
  firstStart: {
    title: 'First start',
    heading: 'First, the three officers',
    lead: 'Three officers each create their own account with a one-time secret. They exclude each other: nobody may hold two of these offices.',
    where: 'The secrets were printed on the console when the node first started. Each works once; hand them to three different people.',
    secret: 'One-time secret',
    account: 'Account',
    name: 'Name',
    password: 'Password',
    repeat: 'Password again',
    differ: 'The two passwords differ',
    submit: 'Create account',
    claimed: 'created',
    waiting: 'not created',
    duty: {
      system: 'Keeps accounts, bodies, devices and settings; cannot grant, cannot read the audit.',
      security: 'Grants roles and keeps the security policy; cannot create accounts, cannot read the audit.',
      audit: 'Reads the audit log and the trail; cannot create accounts, cannot grant.',
    },
    done: 'The account of the {office} exists',
    allDone: 'All three officers exist',
    goOn: 'Go to sign-in',
    progress: '{done} / 3',
  },
}

export default en
