export { reportStage as stage } from '@serflow/evaluate'
