import { shallowRef } from 'vue'
import type { Call } from './model'

/** Hertz of the beeps, one after another. Ours: no standard that we have read asks for others. */
const BEEPS: Record<Call['level'], readonly number[]> = { red: [880, 660, 880, 660], orange: [660, 660] }
const BEEP_S = 0.22
const GAP_S = 0.12
const LOUDNESS = 0.25

/**
 * Whether this browser lets the page sound. Until somebody has clicked or typed, most do
 * not; `none` is one without the means.
 */
export const permission = shallowRef<'granted' | 'blocked' | 'none'>('blocked')

let context: AudioContext | null = null

/** Asks for the means to sound; in answer to a hand it is granted. */
export async function unlock(): Promise<void> {
  if (typeof AudioContext === 'undefined') {
    permission.value = 'none'
    return
  }
  context ??= new AudioContext()
  // Without a hand some browsers never answer.
  void context.resume().then(look, look)
  look()
}

function look(): void {
  permission.value = context?.state === 'running' ? 'granted' : 'blocked'
}

/** Sounds once; silence where the browser does not let it. */
export function sound(level: Call['level']): void {
  look()
  if (!context || permission.value !== 'granted') return
  const output = context.createGain()
  output.gain.value = LOUDNESS
  output.connect(context.destination)
  BEEPS[level].forEach((hertz, number) => {
    const beep = context!.createOscillator()
    beep.frequency.value = hertz
    beep.connect(output)
    const begin = context!.currentTime + number * (BEEP_S + GAP_S)
    beep.start(begin)
    beep.stop(begin + BEEP_S)
  })
}
