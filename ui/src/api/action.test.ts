import { expect, test } from 'vitest'
import { useAction } from './action'
import { ApiError } from './error'

test('pressing again after silence sends the same key, after an answer a new one', async () => {
  const keys: string[] = []
  const answers = [
    new ApiError(0, 'unreachable', {}),
    new ApiError(409, 'conflict', {}),
    'done',
  ]
  const action = useAction(async (key: string, _text: string) => {
    keys.push(key)
    const answer = answers[keys.length - 1]
    if (answer instanceof ApiError) throw answer
    return answer
  })
  expect(await action.run('a')).toBeNull()
  expect(await action.run('a')).toBeNull()
  expect(await action.run('a')).toBe('done')
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).not.toBe(keys[1])
})

test('other words are another action', async () => {
  const keys: string[] = []
  const action = useAction(async (key: string, _text: string) => {
    keys.push(key)
    throw new ApiError(0, 'unreachable', {})
  })
  await action.run('a')
  await action.run('b')
  expect(keys[1]).not.toBe(keys[0])
})
