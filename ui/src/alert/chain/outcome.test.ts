import { expect, test } from 'vitest'
import type { Fact } from './api'
import { outcomeOf } from './outcome'

const fact = (kind: string, subject: string) => ({ kind, subject }) as Fact

test('a finding leads to the latest warning of its thread and to the incident, if there are any', () => {
  expect(outcomeOf([fact('finding.raised', 'f')])).toEqual({ warning: null, incident: null })
  expect(
    outcomeOf([
      fact('finding.raised', 'f'),
      fact('warning.proposed', 'w1'),
      fact('warning.superseded', 'w1'),
      fact('warning.proposed', 'w2'),
      fact('incident.opened', 'i'),
      fact('task.assigned', 't'),
    ]),
  ).toEqual({ warning: 'w2', incident: 'i' })
})
