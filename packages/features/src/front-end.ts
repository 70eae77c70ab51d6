/**
 * The front end for any JavaScript engine: browsers, Deno, Bun, Node. Reaches no module of Node's; index.ts adds the
 * pipeline's stage.
 */
export { channelNames, logMelChannels } from './channels.js'
export * from './config.js'
export * from './delta.js'
export * from './framed-log-mels.js'
export * from './frames.js'
export { frontEndKernel, type KernelChoice } from './kernels/choice.js'
export { kernelNames, type KernelName } from './kernels/kernel.js'
export { logMel } from './log-mel.js'
export * from './mel.js'
export { presetNames, presets, type PresetName } from './presets.js'
export * from './savgol.js'
export * from './segment.js'
export * from './slopes.js'
export * from './stream.js'
export * from './trim.js'
