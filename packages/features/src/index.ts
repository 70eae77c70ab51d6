export * from './front-end.js'
export * from './segment-times.js'
export { logMelStage } from './stages/log-mel.js'
