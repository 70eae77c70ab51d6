export { scoresStage as stage } from '@serflow/evaluate'
