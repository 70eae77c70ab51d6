import { random, type Audio } from '@serflow/core'
import { babble } from './babble.js'
import { formatEffects, parseEffects, type Effect } from './effect.js'
import { addAt, pinkNoise, whiteNoise } from './noise.js'
import { changePitch } from './pitch.js'
import { inRoom } from './room.js'
import { changeSpeed } from './speed.js'

/**
 * A clip with its effects, one after the other. What is random in them is drawn for this utterance and these effects:
 * the same on any machine, whatever else is computed.
 *
 * @param effects as `parseEffects`; empty for the original, which is then the same object
 * @param utteranceId names the draws
 * @throws InputError for effects that are none
 */
export function applyEffects(audio: Audio, effects: string, utteranceId: string): Audio {
  if (effects === '') return audio
  const parsed = parseEffects(effects)
  return parsed.reduce((sound, effect, index) => {
    const before = formatEffects(parsed.slice(0, index + 1))
    return applyEffect(sound, effect, ['effect', utteranceId, before])
  }, audio)
}

function applyEffect(audio: Audio, effect: Effect, names: readonly string[]): Audio {
  switch (effect.kind) {
    case 'speed':
      return changeSpeed(audio, effect.speed)
    case 'pitch':
      return changePitch(audio, effect.semitones)
    case 'gain':
      return changeGain(audio, effect.gainDb)
    case 'noise': {
      const draw = random(...names)
      const make = { white: whiteNoise, pink: pinkNoise, babble }[effect.noise]
      return addAt(audio, make(audio.samples.length, draw, audio.sampleRateHz), effect.snrDb)
    }
    case 'room':
      return inRoom(audio, effect.reverberationSeconds, random(...names))
    case 'shift':
      return rotate(audio, effect.seconds)
  }
}

/** Louder by a gain: samples · 10^(gainDb / 20). Samples are floats, so nothing is clipped, whatever the gain. */
export function changeGain({ samples, sampleRateHz }: Audio, gainDb: number): Audio {
  const factor = 10 ** (gainDb / 20)
  return { samples: samples.map((sample) => sample * factor), sampleRateHz }
}

/**
 * The sound later by some seconds, or earlier where they are negative; what leaves at one end comes in at the other,
 * so nothing is lost: y[i] = x[(i − round(seconds · rate)) mod length].
 */
export function rotate({ samples, sampleRateHz }: Audio, seconds: number): Audio {
  const length = samples.length
  if (length === 0) return { samples, sampleRateHz }
  const by = ((Math.round(seconds * sampleRateHz) % length) + length) % length
  const rotated = new Float32Array(length)
  rotated.set(samples.subarray(length - by), 0)
  rotated.set(samples.subarray(0, length - by), by)
  return { samples: rotated, sampleRateHz }
}
